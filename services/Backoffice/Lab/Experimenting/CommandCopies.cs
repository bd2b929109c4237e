using System.Text;
using System.Text.Json;
using OrderSample.Backoffice.Messaging;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using RabbitMQ.Client;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>Sends copies of a command, as a sender that repeats itself would.</summary>
internal sealed class CommandCopies(BrokerConnections broker, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Asks for an order's stock so many times, always with one message id, and waits until the broker has confirmed each.</summary>
    /// <returns>The message id.</returns>
    public async Task<Guid> SendAsync(Guid orderId, StockLine line, int copies, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        var body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            messageId = id,
            messageType = new[] { $"urn:message:{typeof(ReserveStock).Namespace}:{nameof(ReserveStock)}" },
            message = new ReserveStock(orderId, [line]),
            sentTime = time.GetUtcNow(),
            headers = new { },
        }, Json));
        var properties = new BasicProperties { MessageId = id.ToString(), ContentType = "application/vnd.masstransit+json", DeliveryMode = DeliveryModes.Persistent };
        await using var connection = await broker.OpenAsync("experiments", cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        for (var i = 0; i < copies; i++)
            await channel.BasicPublishAsync("", InventoryAddresses.ReservationsQueue, mandatory: true, properties, body, cancellationToken);
        return id;
    }
}
