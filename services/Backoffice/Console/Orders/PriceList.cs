namespace OrderSample.Backoffice.Console.Orders;

/// <summary>
/// What the console asks for a product, as a shop does: an order carries its prices, and no service knows any other. From the settings <c>Prices</c>.
/// </summary>
/// <param name="configuration">The settings.</param>
internal sealed class PriceList(IConfiguration configuration)
{
    /// <summary>The price of a product that is not in the list.</summary>
    public const decimal Other = 10;

    private readonly Dictionary<string, decimal> _prices = configuration.GetSection("Prices").Get<Dictionary<string, decimal>>() ?? [];

    /// <summary>The price of a product; null when it has none here.</summary>
    public decimal? Find(string sku) => _prices.TryGetValue(sku.Trim(), out var price) ? price : null;
}
