using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering.Events;

namespace OrderSample.ServiceDefaults.Chaos;

/// <summary>
/// Which products a message is about. The contracts are asked one by one: an interface on them would become a message
/// type of its own, with an exchange on the broker.
/// </summary>
internal static class MessageSkus
{
    public static IEnumerable<string> Of(object message) => message switch
    {
        OrderSubmitted submitted => submitted.Lines.Select(line => line.Sku),
        ReserveStock reserve => reserve.Lines.Select(line => line.Sku),
        StockShort @short => @short.Shortages.Select(shortage => shortage.Sku),
        _ => [],
    };
}
