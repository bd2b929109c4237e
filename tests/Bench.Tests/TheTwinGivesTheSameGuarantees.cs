using OrderSample.Bench.Offering;
using OrderSample.Bench.Running;

namespace OrderSample.Bench.Tests;

/// <summary>A comparison with something that loses orders would say nothing.</summary>
[Trait("Category", "Servers")]
public sealed class TheTwinGivesTheSameGuarantees : IAsyncLifetime
{
    private const int AtOnce = 16;
    private const int BetweenKills = 40;
    private const int OnHand = 1_000_000_000;

    private static readonly string[] Services = ["order-service", "inventory-service", "notification-service"];

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(5));
    private SystemUnderTest _twin = null!;

    public async Task InitializeAsync()
    {
        _twin = await TwinSystem.Start(_deadline.Token);
        await Assortment.Stock(_twin, _deadline.Token);
    }

    public async Task DisposeAsync()
    {
        if (_twin is not null)
            await _twin.DisposeAsync();
        _deadline.Dispose();
    }

    [Fact]
    public async Task When_each_of_its_processes_is_killed_in_mid_work_every_order_is_completed_once()
    {
        await using var customers = await Customers.Of(_twin, _deadline.Token);
        var kills = await SteadyLoad.Run(customers, AtOnce, async completed =>
        {
            await completed(BetweenKills);
            foreach (var service in Services)
            {
                await _twin.Kill(service, _deadline.Token);
                await _twin.StartAgain(service, _deadline.Token);
                await completed(BetweenKills);
            }

            return Services.Length;
        }, _deadline.Token);

        // The load ends when every customer has seen the order completed.
        var orders = await _twin.Read<long>("orders-db", """SELECT count(*) FROM "Orders" """, _deadline.Token);
        Assert.True(orders >= (kills + 1) * BetweenKills, $"{orders} orders");
        await Holds("orders-db", $"""SELECT count(*) = {orders} AND bool_and("CurrentState" = 'Completed') FROM "OrderStates" """);
        await Holds("orders-db", $"""SELECT count(*) = {orders} AND count(DISTINCT "OrderId") = {orders} FROM "Payments" """);
        await Holds("inventory-db", $"""SELECT count(*) = {orders} AND bool_and("Status" = 'Committed') FROM "Reservations" """);
        await Holds("inventory-db", $"""SELECT sum("Reserved") = 0 AND sum({OnHand}::bigint - "OnHand") = {orders * Assortment.LinesOfAnOrder} FROM "Products" """);
        // Reserved and completed, by e-mail and by SMS.
        await Holds("notifications-db", $"""SELECT count(*) = {orders * 4} AND count(DISTINCT "OrderId") = {orders} FROM "Notifications" """);
        foreach (var database in (string[])["orders-db", "inventory-db"])
            await Holds(database, """SELECT count(*) = 0 FROM "Outbox" """);
    }

    private async Task Holds(string database, string question)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        try
        {
            while (!await _twin.Read<bool>(database, question, _deadline.Token))
                await timer.WaitForNextTickAsync(_deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not become true that {question}{_twin.LastLines()}");
        }
    }
}
