using System.Net;
using Npgsql;
using Xunit.Abstractions;

namespace OrderSample.Cluster.Tests.Running;

/// <summary>Customers who place orders at a steady pace and pay them, so that a pause in what is completed is the system's.</summary>
internal static class SteadyOrders
{
    /// <summary>Pieces of each product.</summary>
    public const int OnHand = 10_000;

    private const decimal Total = 2 * Sample.UnitPrice;
    private const string OfProduct = """ "Lines"::text LIKE '%' || $1 || '%' """;

    /// <summary>Long enough for whatever a fault does to the last order.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(4);

    /// <summary>
    /// Places orders, breaks something when a quarter of them is accepted, follows all of them to their end, and accounts for
    /// every order, piece, notification and message. Prints the longest time in which no order was completed.
    /// </summary>
    /// <param name="system">The system.</param>
    /// <param name="output">Where it is printed.</param>
    /// <param name="orders">How many.</param>
    /// <param name="pace">Time between two of them.</param>
    /// <param name="fault">Breaks something, and mends it.</param>
    public static async Task SteadyOrdersSurvive(this OrderSystem system, ITestOutputHelper output, int orders, TimeSpan pace, Func<Task> fault)
    {
        await using var ledger = await MessageLedger.Open(system);
        var sku = await system.Inventory.NewProduct(OnHand);
        var accepted = new Milestones(orders);
        var breaking = Break();
        var ending = system.PayAndEndAll(sku, orders);
        var placed = await system.Place(sku, orders, pace, accepted);
        await Task.WhenAll(ending, breaking);

        await system.Inventory.MustBalance(sku, OnHand, completedQuantity: orders * 2);
        await system.MustHaveBeenToldOnce([.. placed.Select(order => order.OrderId)]);
        await ledger.MustAccountForAll();
        output.WriteLine($"Measured: {await system.LongestPause(sku)}");

        async Task Break()
        {
            await accepted.Reaches(orders / 4);
            await fault();
        }
    }

    /// <summary>Pays every order of a product as it waits for that, until so many have completed.</summary>
    public static Task PayAndEndAll(this OrderSystem system, string sku, int orders) =>
        system.Eventually($"{orders} orders to complete", async token =>
        {
            var waiting = await system.Read("orders-db", $"""SELECT "CorrelationId" FROM "OrderStates" WHERE "CurrentState" = 'AwaitingPayment' AND {OfProduct}""", row => row.GetGuid(0), sku);
            await Parallel.ForEachAsync(waiting, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = token }, async (order, _) =>
            {
                // Again if the answer was lost: the payment's id is that of the order.
                using var response = await system.Orders.Pay(order, Total, paymentId: order);
                Assert.True(response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests, response.ToString());
            });
            return string.Join(", ", (await system.Read("orders-db", $"""SELECT "CurrentState" FROM "OrderStates" WHERE {OfProduct}""", row => row.GetString(0), sku))
                .CountBy(state => state).OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Value} {x.Key}"));
        }, states => states == $"{orders} Completed", deadline: Settled);

    private static async Task<PlacedOrder[]> Place(this OrderSystem system, string sku, int orders, TimeSpan pace, Milestones accepted)
    {
        using var timer = new PeriodicTimer(pace);
        var placing = new List<Task<PlacedOrder>>();
        while (placing.Count < orders && await timer.WaitForNextTickAsync())
            placing.Add(PlaceOne());
        return await Task.WhenAll(placing);

        async Task<PlacedOrder> PlaceOne()
        {
            var placed = await system.PlaceUntilAccepted(sku);
            accepted.Next();
            return placed;
        }
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

    /// <summary>Reads rows; the parameter is <c>$1</c>.</summary>
    public static async Task<List<T>> Read<T>(this OrderSystem system, string database, string sql, Func<NpgsqlDataReader, T> read, object parameter)
    {
        await using var connection = await system.OpenDatabase(database);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter { Value = parameter } } };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }
}
