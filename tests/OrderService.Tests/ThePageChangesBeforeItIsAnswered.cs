using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Ordering;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.Reconciling;
using OrderSample.OrderService.Tests.Running;

namespace OrderSample.OrderService.Tests;

/// <summary>A reservation whose order has left the page in the meantime is not one of an unknown order.</summary>
[Collection(ServersCollection.Name)]
public sealed class ThePageChangesBeforeItIsAnswered(TestServers servers)
{
    private readonly VirtualTime _time = new();
    private readonly Script _script = new();

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_an_order_moves_on_nothing_is_said_about_it(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, RunsInVirtualTime.RunsOnDemand);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        var order = Assert.Single(await _time.Generate(orders, OrderStatus.Completed, 1));
        _script.BeforeReservations = _ => orders.Query(context =>
            context.OrderStates.Where(x => x.CorrelationId == order).ExecuteUpdateAsync(x => x.SetProperty(row => row.UpdatedAt, _time.GetUtcNow())));

        var report = await orders.Report(await _time.Run(orders));

        Assert.Equal(1, report.Run.Orders);
        Assert.Empty(report.Discrepancies);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_other_answer_ends_an_earlier_finding_nothing_new_is_found(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, RunsInVirtualTime.RunsOnDemand);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        await _time.Generate(orders, OrderStatus.Completed, 1);
        _script.Untold["OrderCompleted"] = true;
        var first = await _time.Run(orders);
        Assert.Single((await orders.Report(first)).Discrepancies);
        _script.Untold.Clear();
        _script.BeforeReservations = async question =>
        {
            if ((await orders.Run(question.RunId)).Phase == RunPhase.Earlier)
                await Waiting.Until(true, async () => (await orders.Report(first)).Discrepancies.All(x => x.ResolvedAt is not null), "the finding to be resolved");
        };

        Assert.Empty((await orders.Report(await _time.Run(orders))).Discrepancies);
    }
}
