using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.Reconciling;
using OrderSample.OrderService.Tests.Running;

namespace OrderSample.OrderService.Tests;

/// <summary>Runs are limited, there is one at a time, and one goes on whoever dies.</summary>
[Collection(ServersCollection.Name)]
public sealed class RunsOfReconciliation(TestServers servers)
{
    private readonly VirtualTime _time = new();
    private readonly Script _script = new();

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_there_is_more_than_a_run_may_look_at_the_next_ones_carry_on_from_there(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, ("Reconciliation:MaxOrders", "500"));
        await using var others = await ScriptedServices.Start(place, _time, _script);
        var all = await _time.Generate(orders, OrderStatus.Completed, 1_200);

        var runs = new List<ReconciliationRun>();
        do
            runs.Add(await _time.Run(orders));
        while (runs[^1].ReachedLimit && runs.Count < 10);

        // A run may end at the limit just because there is nothing beyond; a last one then sees the end.
        Assert.InRange(runs.Count, 3, 4);
        Assert.All(runs, run => Assert.InRange(run.Orders, 0, 500));
        Assert.Equal(all.Order(), _script.AskedAbout.Distinct().Order());
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_there_is_more_to_repair_than_a_run_may_the_next_ones_do_the_rest(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, [.. RunsInVirtualTime.RunsOnDemand, ("Reconciliation:MaxRepairs", "2")]);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        foreach (var order in await _time.Generate(orders, OrderStatus.Cancelled, 5))
            _script.Claims[order] = StockClaim.Held;

        foreach (var (found, repaired) in new[] { (5, 2), (3, 2), (1, 1), (0, 0) })
        {
            var run = await _time.Run(orders);
            Assert.Equal((found, repaired), (run.Found, run.Repaired));
            var released = _script.Claims.Count - found + repaired;
            await Waiting.Until(released, () => Task.FromResult(_script.Claims.Values.Count(x => x == StockClaim.Released)), "stock released");
        }

        Assert.Equal(5, _script.Count<ReleaseStock>());
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_two_replicas_start_runs_at_once_there_is_one_and_the_other_replica_ends_it_when_its_owner_dies(DatabaseServer on)
    {
        _script.Pages = 0;
        var place = await servers.NewPlace(on);
        await using var survivor = Replica.StartOrderService(place, _time);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Generate(survivor, OrderStatus.Completed, 700);
        Guid run;
        await using (var owner = Replica.StartOrderService(place, _time))
        {
            var started = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? owner : survivor).StartRun()));
            run = Assert.Single(started, x => x is not null)!.RunId;
        }

        _script.Pages = null;
        var ended = await _time.Ends(survivor, run);
        Assert.Equal((RunStatus.Completed, 700), (ended.Status, ended.Orders));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_service_is_restarted_in_the_middle_of_a_run_it_goes_on(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        Guid run;
        await using (var before = Replica.StartOrderService(place, _time))
        {
            await _time.Generate(before, OrderStatus.Completed, 1_200);
            // The first page is answered, then nothing more.
            _script.Pages = 1;
            run = (await before.StartRun())!.RunId;
            await Waiting.Until(500, () => Task.FromResult(_script.AskedAbout.Count), "the first page");
        }

        _script.Pages = null;
        await using var after = Replica.StartOrderService(place, _time);
        var ended = await _time.Ends(after, run);
        Assert.Equal((RunStatus.Completed, 1_200), (ended.Status, ended.Orders));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_ledger_never_answers_the_run_fails_and_the_next_one_begins_where_it_did(DatabaseServer on)
    {
        _script.Pages = 0;
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, ("Reconciliation:MaxAsks", "3"), ("Reconciliation:Interval", "1.00:00:00"));
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Generate(orders, OrderStatus.Completed, 10);

        var failed = await _time.Ends(orders, (await orders.StartRun())!.RunId);
        Assert.Equal((RunStatus.Failed, 3), (failed.Status, failed.Asks));
        _script.Pages = null;
        var next = await _time.Run(orders);
        Assert.Equal((failed.From, 10), (next.From, next.Orders));
    }
}
