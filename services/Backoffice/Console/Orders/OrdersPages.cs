using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReadingDeadLetters;

namespace OrderSample.Backoffice.Console.Orders;

/// <summary>What a list of orders shows.</summary>
/// <param name="Selection">Only those.</param>
/// <param name="Status">Only those in this state; null for all.</param>
/// <param name="After">The last order of the page before; null for the first page.</param>
/// <param name="Size">Rows of the page.</param>
public sealed record OrderQuery(OrderSelection Selection, string? Status, Guid? After, int Size);

/// <summary>What can be ordered.</summary>
/// <param name="Items">The products.</param>
public sealed record Products(IReadOnlyList<StockRow> Items)
{
    /// <summary>While the warehouse can't be asked.</summary>
    public static readonly Products NotKnown = new([]);

    /// <summary>Whether the warehouse has no such product. While it can't be asked, nobody knows.</summary>
    public bool IsUnknown(string? sku) => Items.Count > 0 && sku?.Trim() is { Length: > 0 } some && Items.All(product => product.Sku != some);
}

/// <summary>One order.</summary>
/// <param name="OrderId">Its id.</param>
public sealed record OrderKey(Guid OrderId);

/// <summary>What the order service says about it.</summary>
/// <param name="Order">The order; null when there is none.</param>
public sealed record FoundOrder(OrderDetails? Order);

/// <summary>What the inventory service says about it.</summary>
/// <param name="Reservation">Its stock; null when it has none.</param>
public sealed record FoundReservation(Reservation? Reservation);

/// <summary>What the notification service says about it.</summary>
/// <param name="Items">What its customer was told.</param>
public sealed record FoundNotifications(IReadOnlyList<NotificationRow> Items);

/// <summary>What went wrong with an order's messages.</summary>
/// <param name="DeadLetters">Those that could not be handled, oldest first.</param>
/// <param name="Repetitions">Those that were delivered more than once, oldest first.</param>
public sealed record FoundFailures(IReadOnlyList<DeadLetterOfOrder> DeadLetters, IReadOnlyList<DeliveryRepetition> Repetitions);

/// <summary>Registers what the pages about orders read.</summary>
internal static class OrdersPages
{
    /// <summary>Rows that a page may have; the first is what it has by itself.</summary>
    public static readonly IReadOnlyList<int> PageSizes = [25, 50, 100, 200];

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CountsInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FailuresInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProductsInterval = TimeSpan.FromSeconds(5);

    public static void AddOrdersPages(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<PriceList>();
        services.AddSingleton<OrderBursts>();
        services.AddLiveFeed<OrderQuery, OrderRows>("order-service", Interval, (scope, query, cancellationToken) =>
            scope.GetRequiredService<OrderServiceClient>().ListAsync(query.Selection.At(Now(scope)), query.Status, query.After, query.Size, cancellationToken));
        services.AddLiveFeed<OrderSelection, OrderCounts>("order-service", CountsInterval, (scope, selection, cancellationToken) =>
            scope.GetRequiredService<OrderCountsClient>().ReadAsync(selection.At(Now(scope)), cancellationToken));
        services.AddLiveFeed<OrderKey, FoundOrder>("order-service", Interval, async (scope, key, cancellationToken) =>
            new FoundOrder(await scope.GetRequiredService<OrderServiceClient>().FindAsync(key.OrderId, cancellationToken)));
        services.AddLiveFeed<OrderKey, FoundReservation>("inventory-service", Interval, async (scope, key, cancellationToken) =>
            new FoundReservation(await scope.GetRequiredService<InventoryServiceClient>().FindReservationAsync(key.OrderId, cancellationToken)));
        services.AddLiveFeed<OrderKey, FoundNotifications>("notification-service", Interval, async (scope, key, cancellationToken) =>
            new FoundNotifications(await scope.GetRequiredService<NotificationServiceClient>().ListAsync(key.OrderId, cancellationToken)));
        services.AddLiveFeed<OrderKey, FoundFailures>("The backoffice's database", FailuresInterval, async (scope, key, cancellationToken) =>
        {
            var context = scope.GetRequiredService<BackofficeDbContext>();
            return new FoundFailures(
                await DeadLettersOfOrder.ListAsync(context, key.OrderId, cancellationToken), await ListRepetitions.OfOrderAsync(context, key.OrderId, cancellationToken));
        });
        services.AddLiveFeed<Everything, Products>("inventory-service", ProductsInterval, async (scope, _, cancellationToken) =>
            new Products(await scope.GetRequiredService<InventoryServiceClient>().ListStockAsync(cancellationToken)));
        services.AddLiveFeed<Everything, BurstProgress>("The backoffice", Interval, (scope, _, _) =>
            Task.FromResult(scope.GetRequiredService<OrderBursts>().Progress));
    }

    private static DateTimeOffset Now(IServiceProvider scope) => scope.GetRequiredService<TimeProvider>().GetUtcNow();
}
