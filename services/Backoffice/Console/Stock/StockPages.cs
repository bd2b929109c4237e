using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Console.Stock;

/// <summary>Registers what the page about the stock reads.</summary>
internal static class StockPages
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public static void AddStockPages(this WebApplicationBuilder builder) =>
        builder.Services.AddLiveFeed<Everything, IReadOnlyList<StockRow>>(ServiceNames.Inventory, Interval, (services, _, cancellationToken) =>
            services.GetRequiredService<InventoryServiceClient>().ListStockAsync(cancellationToken));
}
