using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Console.Orders;

/// <summary>What a list of orders shows.</summary>
/// <param name="Status">Only those; null for all.</param>
/// <param name="After">The last order of the page before; null for the first page.</param>
public sealed record OrderQuery(string? Status, Guid? After);

/// <summary>Registers what the pages about orders read.</summary>
internal static class OrdersPages
{
    /// <summary>Rows of a page.</summary>
    public const int PageSize = 25;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public static void AddOrdersPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddLiveFeed<OrderQuery, OrderRows>("order-service", Interval, (services, query, cancellationToken) =>
            services.GetRequiredService<OrderServiceClient>().ListAsync(query.Status, query.After, PageSize, cancellationToken));
    }
}
