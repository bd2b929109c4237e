using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.Reconciling;
using OrderSample.OrderService.SubmittingOrder;
using OrderSample.OrderService.Tests.Running;

namespace OrderSample.OrderService.Tests;

/// <summary>A report says all that was found, how it ended, and since when nothing is known.</summary>
[Collection(ServersCollection.Name)]
public sealed class WhatReconciliationReports(TestServers servers)
{
    private readonly VirtualTime _time = new();
    private readonly Script _script = new();

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_more_is_found_than_a_report_lists_it_says_how_much_of_each_kind_there_is(DatabaseServer on)
    {
        const int Held = 1_002;
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, [.. RunsInVirtualTime.RunsOnDemand, ("Reconciliation:MaxRepairs", "3")]);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        foreach (var order in await _time.Generate(orders, OrderStatus.Cancelled, Held))
            _script.Claims[order] = StockClaim.Held;
        foreach (var order in await _time.Generate(orders, OrderStatus.Completed, 2))
            _script.Claims[order] = StockClaim.Released;

        var report = await orders.Report(await _time.Run(orders));

        Assert.Equal([new DiscrepancyTotal(DiscrepancyKind.StockHeld, Held, 3, 0), new DiscrepancyTotal(DiscrepancyKind.StockNotCommitted, 2, 0, 0)], report.Totals);
        Assert.Equal((Held + 2, ReconciliationEndpoints.MaxShown, ReconciliationEndpoints.MaxShown), (report.Run.Found, report.Listed, report.Discrepancies.Count));
        Assert.Equal(Held + 2, (await orders.ReconciliationState()).Open);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_later_run_does_not_see_it_any_more_a_finding_ends_as_repaired_or_by_itself(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, [.. RunsInVirtualTime.RunsOnDemand, ("Reconciliation:LookBack", "00:30:00")]);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        var held = Assert.Single(await _time.Generate(orders, OrderStatus.Cancelled, 1));
        var completed = await _time.Generate(orders, OrderStatus.Completed, 2);
        var (mended, stays) = (completed[0], completed[1]);
        _script.Claims[held] = StockClaim.Held;
        (_script.Claims[mended], _script.Claims[stays]) = (StockClaim.Released, StockClaim.Released);

        // From here on they are older than what runs look back on.
        var first = await _time.Run(orders, from: _time.GetUtcNow().AddHours(-2));
        Assert.All((await orders.Report(first)).Discrepancies, x => Assert.Null(x.Resolution));
        await Waiting.Until(StockClaim.Released, () => Task.FromResult(_script.Claims[held]), "the repair");
        _script.Claims[mended] = StockClaim.Committed;
        var second = await _time.Run(orders);

        var ended = (await orders.Report(first)).Discrepancies.ToDictionary(x => x.OrderId);
        Assert.Equal((Resolution.Repaired, Resolution.ByItself, null), (ended[held].Resolution, ended[mended].Resolution, ended[stays].Resolution));
        Assert.Equal((true, true, false), (ended[held].ResolvedAt is not null, ended[mended].ResolvedAt is not null, ended[stays].ResolvedAt is not null));
        // What is wrong is reported until it is right, however old it is.
        Assert.Equal([stays], (await orders.Report(second)).Discrepancies.Select(x => x.OrderId));
        Assert.Equal(1, (await orders.ReconciliationState()).Open);

        _script.Claims[stays] = StockClaim.Committed;
        await _time.Run(orders);
        Assert.Equal(0, (await orders.ReconciliationState()).Open);
        Assert.All([.. (await orders.Report(first)).Totals, .. (await orders.Report(second)).Totals], x => Assert.Equal(x.Found, x.Resolved));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_refund_was_never_told_the_customer_is_told_after_all(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, RunsInVirtualTime.RunsOnDemand);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        var order = Assert.Single(await _time.Generate(orders, OrderStatus.Cancelled, 1, isReserved: true));
        _script.Claims[order] = StockClaim.Released;
        var payment = Guid.NewGuid();
        await orders.Query(context =>
        {
            var at = _time.GetUtcNow().AddHours(-1);
            context.Add(new Order { OrderId = order, Customer = new Customer("Ada", "ada@example.com"), Lines = [], Total = 12.50m, SubmittedAt = at });
            context.Add(new Payment { PaymentId = payment, OrderId = order, Amount = 12.50m, ReceivedAt = at });
            context.Add(new Refund { PaymentId = payment, OrderId = order, Amount = 12.50m, Reason = "Not needed.", RefundedAt = at });
            return context.SaveChangesAsync();
        });

        var found = Assert.Single((await orders.Report(await _time.Run(orders))).Discrepancies);

        Assert.Equal((DiscrepancyKind.NotificationMissing, order), (found.Kind, found.OrderId));
        await Waiting.Until((payment, 12.50m), () => Task.FromResult(_script.Events.OfType<PaymentRefunded>().Select(x => (x.PaymentId, x.Amount)).SingleOrDefault()), "the event");
        Assert.Single(_script.Events);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_no_run_completes_it_is_unknown_how_the_ledgers_stand_until_one_does(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, ("Reconciliation:MaxAsks", "8"), ("Reconciliation:Interval", "00:01:00"));
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Until("the first run", () => orders.ReconciliationState(), state => state is { UnknownSince: null, LastCompleted: not null });
        Assert.Equal(HealthStatus.Healthy, await orders.Health("reconciliation"));

        _script.Pages = 0;
        var before = (await orders.ReconciliationState()).LastCompleted!.FinishedAt;
        // The eighth question goes unanswered after four minutes.
        var late = await _time.Until("no run to complete for long", () => orders.ReconciliationState(), state => state.UnknownSince is not null);
        Assert.Contains("No run has completed", late.Why, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, await orders.Health("reconciliation"));
        var failed = await _time.Until("a run to fail", () => orders.ReconciliationState(), state => state.Why!.Contains("failed", StringComparison.Ordinal));
        Assert.Equal((before, before), (late.UnknownSince, failed.UnknownSince));
        Assert.Equal(HealthStatus.Degraded, await orders.Health("reconciliation"));

        _script.Pages = null;
        await _time.Until("a run to complete", () => orders.ReconciliationState(), state => state.UnknownSince is null);
        Assert.Equal(HealthStatus.Healthy, await orders.Health("reconciliation"));
    }

    [Theory, OnPostgres]
    public async Task When_orders_can_not_be_counted_health_says_so_and_no_more_are_let_in_than_the_last_count_left_room_for(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, [.. RunsInVirtualTime.RunsOnDemand, ("Admission:MaxOrdersInFlight", "3")]);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        var load = orders.Services.GetRequiredService<OrderLoad>();
        Assert.Equal(HealthStatus.Healthy, await orders.Health("load"));

        await orders.Query(x => x.Database.ExecuteSqlRawAsync("""ALTER TABLE "OrderStates" RENAME TO "Elsewhere" """));
        await _time.Until("the load to be unknown", () => orders.Health("load"), status => status == HealthStatus.Degraded);
        Assert.Null(load.TryEnter(2));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(load.TryEnter(1));
        Assert.Equal(OrderLoad.TooManyOrders, load.TryEnter(1));

        await orders.Query(x => x.Database.ExecuteSqlRawAsync("""ALTER TABLE "Elsewhere" RENAME TO "OrderStates" """));
        await _time.Until("the load to be known", () => orders.Health("load"), status => status == HealthStatus.Healthy);
        // A count that had begun before they were let in, and waited for the table, leaves them to the next one.
        await _time.Until("room for three", () => Task.FromResult(load.TryEnter(3)), refusal => refusal is null);
    }
}
