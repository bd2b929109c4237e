using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>Customers who place and pay many orders while something breaks.</summary>
internal static class ManyOrders
{
    private const int OnHand = 10_000;
    private const int Quantity = 2;

    /// <summary>An order paid in good time completes even if a service is away for a while; all of them have this long.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(4);

    /// <summary>Breaks something when a third of the orders is accepted.</summary>
    public static Task OrdersSurvive(this OrderSystem system, int orders, Func<Task> fault) =>
        system.OrdersSurvive(orders, async accepted =>
        {
            await accepted.Reaches(orders / 3);
            await fault();
        });

    /// <summary>Places orders, breaks something on the way, follows every accepted one to its end, and accounts for every message.</summary>
    public static async Task OrdersSurvive(this OrderSystem system, int orders, Func<Milestones, Task> fault)
    {
        await using var ledger = await MessageLedger.Open(system);
        var sku = await system.Inventory.NewProduct(OnHand);
        var accepted = new Milestones(orders);
        var breaking = fault(accepted);
        var placed = new ConcurrentBag<Guid>();
        var ending = system.PayAndEndAll(placed, orders);
        await Parallel.ForEachAsync(Enumerable.Range(0, orders), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            placed.Add((await system.PlaceUntilAccepted(sku)).OrderId);
            accepted.Next();
        });
        await breaking;
        var ended = await ending;

        Assert.DoesNotContain(ended.Values, status => status is "Rejected" or "NeedsAttention");
        var completed = ended.Values.Count(status => status == "Completed");
        Assert.True(completed > 0, "not one order completed");
        await system.Inventory.MustBalance(sku, OnHand, completed * Quantity);
        foreach (var (order, status) in ended)
        {
            // A payment that a fault kept until the order was cancelled.
            var late = status == "Cancelled" && (await system.Orders.Get(order)).Timeline.Any(x => x.Event == "RefundDue");
            await system.Notifications.MustBe(order, [.. (string[])["OrderReserved", $"Order{status}"], .. late ? (string[])["PaymentRefunded"] : []]);
        }

        await ledger.MustAccountForAll();
    }

    /// <summary>The order's own id makes it safe to post again when the answer was lost, or to learn what became of it.</summary>
    public static async Task<PlacedOrder> PlaceUntilAccepted(this OrderSystem system, string sku)
    {
        var order = Sample.Order(sku, Quantity, orderId: Guid.NewGuid());
        return (await system.Eventually("an order to be accepted", async token =>
        {
            using var response = await system.Orders.Post(order);
            return response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
                ? null
                : await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<PlacedOrder>(token);
        }, placed => placed is not null))!;
    }

    /// <summary>
    /// Pays every order as it waits for that, until all have ended. One statement asks for the states of all: a request for each would keep the
    /// system busy with being asked.
    /// </summary>
    /// <param name="system">The system.</param>
    /// <param name="placed">The orders that were accepted so far.</param>
    /// <param name="orders">How many there will be.</param>
    /// <returns>How each ended.</returns>
    public static async Task<IReadOnlyDictionary<Guid, string>> PayAndEndAll(this OrderSystem system, IReadOnlyCollection<Guid> placed, int orders) =>
        (await system.Eventually($"{orders} orders to end", async token =>
        {
            var states = (await system.Read("orders-db", """SELECT "CorrelationId", "CurrentState" FROM "OrderStates" WHERE "CorrelationId" = ANY($1)""",
                row => (Id: row.GetGuid(0), Status: row.GetString(1)), placed.ToArray())).ToDictionary(x => x.Id, x => x.Status);
            await Parallel.ForEachAsync(states.Where(x => x.Value == "AwaitingPayment"), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = token },
                async (order, _) => await system.TryPay(order.Key));
            return new OrderStates(states);
        }, states => states.AllEnded(orders), deadline: Settled)).States;

    /// <summary>Pays as soon as the order waits for it, again if the answer was lost, and follows the order to its end.</summary>
    public static async Task<OrderView> PayAndEnd(this OrderSystem system, PlacedOrder placed)
    {
        await system.PayAndEndAll([placed.OrderId], orders: 1);
        return await system.Orders.Get(placed.OrderId);
    }

    /// <summary>The payment's id is that of the order, so that it is the same payment if the answer was lost and it is made again.</summary>
    private static async Task TryPay(this OrderSystem system, Guid order)
    {
        using var response = await system.Orders.Pay(order, Quantity * Sample.UnitPrice, paymentId: order);
        Assert.True(response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests, response.ToString());
    }

    /// <summary>How far orders are.</summary>
    private sealed record OrderStates(IReadOnlyDictionary<Guid, string> States)
    {
        public bool AllEnded(int orders) => States.Count == orders && States.Values.All(OrderApi.IsFinal);

        public override string ToString() =>
            string.Join(", ", States.Values.CountBy(status => status).OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Value} {x.Key}"));
    }
}
