using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Xunit.Abstractions;

namespace OrderSample.Cluster.Tests.Running;

/// <summary>Customers who place orders at a steady pace and pay them, so that a pause in what is completed is the system's.</summary>
internal static class SteadyOrders
{
    /// <summary>Pieces of each product.</summary>
    public const int OnHand = 10_000;

    private const string OfProduct = """ "Lines"::text LIKE '%' || $1 || '%' """;

    /// <summary>
    /// Places orders, breaks something when a quarter of them is accepted, follows all of them to their end, and accounts for
    /// every order, piece, notification and message. Prints the longest time in which no order was completed.
    /// </summary>
    /// <param name="system">The system.</param>
    /// <param name="output">Where it is printed.</param>
    /// <param name="orders">How many.</param>
    /// <param name="pace">Time between two of them.</param>
    /// <param name="fault">Breaks something, and mends it.</param>
    /// <param name="test">Says in the output what was measured.</param>
    public static async Task SteadyOrdersSurvive(this OrderSystem system, ITestOutputHelper output, int orders, TimeSpan pace, Func<Task> fault, [CallerMemberName] string test = "")
    {
        await using var ledger = await MessageLedger.Open(system);
        var sku = await system.Inventory.NewProduct(OnHand);
        var accepted = new Milestones(orders);
        var breaking = Break();
        var placed = new ConcurrentBag<Guid>();
        var ending = system.MustComplete(placed, orders);
        await system.Place(sku, orders, pace, order =>
        {
            placed.Add(order);
            accepted.Next();
        });
        await Task.WhenAll(ending, breaking);

        await system.Inventory.MustBalance(sku, OnHand, completedQuantity: orders * 2);
        await system.MustHaveBeenToldOnce([.. placed]);
        await ledger.MustAccountForAll();
        output.WriteLine($"Measured: {test.Replace('_', ' ')} ({system.GetType().Name}): {await system.LongestPause(sku)}");

        async Task Break()
        {
            await accepted.Reaches(orders / 4);
            await fault();
        }
    }

    /// <summary>Pays every order as it waits for that, until so many have completed.</summary>
    public static async Task MustComplete(this OrderSystem system, IReadOnlyCollection<Guid> placed, int orders) =>
        Assert.All(await system.PayAndEndAll(placed, orders), order => Assert.Equal("Completed", order.Value));

    private static async Task Place(this OrderSystem system, string sku, int orders, TimeSpan pace, Action<Guid> accepted)
    {
        using var timer = new PeriodicTimer(pace);
        var placing = new List<Task>();
        while (placing.Count < orders && await timer.WaitForNextTickAsync())
            placing.Add(PlaceOne());
        await Task.WhenAll(placing);

        async Task PlaceOne() => accepted((await system.PlaceUntilAccepted(sku)).OrderId);
    }

    /// <summary>Waits until each customer has been told of reservation and completion, once.</summary>
    public static async Task MustHaveBeenToldOnce(this OrderSystem system, Guid[] orders)
    {
        var told = await system.Eventually($"{orders.Length} customers to have been told", _ => system.Read("notifications-db",
            """SELECT "Kind", "Attempts" FROM "Notifications" WHERE "OrderId" = ANY($1) AND "Channel" = 'Email' AND "Status" IN ('Sent', 'Simulated')""",
            row => (Kind: row.GetString(0), Attempts: row.GetInt32(1)), orders), all => all.Count >= orders.Length * 2);
        Assert.Equal([("OrderCompleted", orders.Length), ("OrderReserved", orders.Length)],
            told.CountBy(x => x.Kind).Select(x => (x.Key, x.Value)).OrderBy(x => x.Key, StringComparer.Ordinal));
        Assert.DoesNotContain(told, x => x.Attempts != 1);
    }

    private static async Task<string> LongestPause(this OrderSystem system, string sku)
    {
        var completed = await system.Read("orders-db", $"""SELECT "UpdatedAt" FROM "OrderStates" WHERE {OfProduct} ORDER BY "UpdatedAt" """, row => row.GetDateTime(0), sku);
        var pauses = completed.Zip(completed.Skip(1), (one, next) => next - one).ToList();
        return FormattableString.Invariant($"longest pause in completions {pauses.Max().TotalSeconds:0.0} s, of {(completed[^1] - completed[0]).TotalSeconds:0} s with {completed.Count} orders");
    }
}
