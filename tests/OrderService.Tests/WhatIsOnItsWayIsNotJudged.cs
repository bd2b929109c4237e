using MassTransit;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.Reconciling;
using OrderSample.OrderService.SubmittingOrder;
using OrderSample.OrderService.Tests.Running;

namespace OrderSample.OrderService.Tests;

/// <summary>A message that waits somewhere will have its effect: nobody is told that it is missing, and nothing is repaired.</summary>
[Collection(ServersCollection.Name)]
public sealed class WhatIsOnItsWayIsNotJudged(TestServers servers)
{
    private static readonly (string, string)[] OneAtATime =
    [
        .. RunsInVirtualTime.RunsOnDemand, ("Messaging:Endpoints:order-saga:PrefetchCount", "1"), ("Messaging:Endpoints:order-saga:ConcurrentMessageLimit", "1"),
    ];

    private readonly VirtualTime _time = new();
    private readonly Script _script = new();

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_timeouts_wait_in_the_sagas_queue_no_order_is_stuck(DatabaseServer on)
    {
        const int Orders = 5;
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, OneAtATime);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        var all = new List<Guid>();
        for (var i = 0; i < Orders; i++)
            all.Add(await Submit(orders));
        foreach (var order in all)
            await Reaches(orders, order, OrderStatus.AwaitingPayment);
        await _time.Arrive(orders);

        RunDetails report;
        await using (await Hold(orders, all))
        {
            _time.Advance(new SagaOptions().PaymentTimeout);
            await Leave(orders);
            var left = _time.GetUtcNow();
            await _time.Until("the grace time to pass", () => Task.FromResult(_time.GetUtcNow()), now => now > left + 2 * RunsInVirtualTime.Grace);
            report = await orders.Report(await _time.Run(orders));
        }

        Assert.Empty(report.Discrepancies);
        var unjudged = Assert.Single(report.Unjudged);
        Assert.Equal((DiscrepancyKind.OrderStuck, Orders, Orders), (unjudged.Kind, unjudged.Orders, report.Run.Unjudged));
        Assert.Contains($"The queue order-saga has {Orders - 1} messages.", unjudged.Why, StringComparison.Ordinal);
        foreach (var order in all)
            await Reaches(orders, order, OrderStatus.Cancelled);
        await _time.Arrive(orders);
        report = await orders.Report(await _time.Run(orders));
        Assert.Empty(report.Discrepancies);
        Assert.Empty(report.Unjudged);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_timeout_is_lost_and_no_queue_has_it_the_order_is_stuck_and_moved_on(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, OneAtATime);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        var order = await Submit(orders);
        await Reaches(orders, order, OrderStatus.AwaitingPayment);
        await orders.Query(x => x.Set<OutboxMessage>().Where(message => message.SchedulingTokenId != null).ExecuteDeleteAsync());

        _time.Advance(new SagaOptions().PaymentTimeout);
        await _time.Arrive(orders);
        var run = await _time.Run(orders);
        var found = Assert.Single((await orders.Report(run)).Discrepancies);
        Assert.Equal((DiscrepancyKind.OrderStuck, order, Repair.MoveOn), (found.Kind, found.OrderId, found.Repair));
        await Reaches(orders, order, OrderStatus.Cancelled);

        await _time.Run(orders);
        Assert.Equal(Resolution.Repaired, Assert.Single((await orders.Report(run)).Discrepancies).Resolution);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_payment_waits_in_the_sagas_queue_it_is_not_without_effect(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, OneAtATime);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        var order = await Submit(orders);
        await Reaches(orders, order, OrderStatus.AwaitingPayment);
        await _time.Arrive(orders);

        RunDetails report;
        await using (await Hold(orders, [order]))
        {
            // What the consumer has in hand is no backlog; the one behind it is.
            await Publish(orders, new StockCommitted(order));
            await Leave(orders);
            var payment = new Payment { PaymentId = Guid.NewGuid(), OrderId = order, Amount = 12.50m, ReceivedAt = _time.GetUtcNow() };
            await Publish(orders, new PaymentReceived(order, payment.PaymentId, payment.Amount, payment.ReceivedAt), payment);
            await Leave(orders);
            await _time.Until("the grace time to pass", () => Task.FromResult(_time.GetUtcNow()), now => now > payment.ReceivedAt + 2 * RunsInVirtualTime.Grace);
            report = await orders.Report(await _time.Run(orders));
        }

        Assert.Empty(report.Discrepancies);
        Assert.Equal(DiscrepancyKind.PaymentWithoutEffect, Assert.Single(report.Unjudged).Kind);
        await Reaches(orders, order, OrderStatus.Completed);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_notification_service_is_behind_nobody_is_told_again_before_it_has_caught_up(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, [.. RunsInVirtualTime.RunsOnDemand, ("Reconciliation:LookBack", "00:30:00")]);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        var order = Assert.Single(await _time.Generate(orders, OrderStatus.NeedsAttention, 1, isReserved: true));
        _script.Untold["OrderReserved"] = true;

        // The order is an hour old; the first answer is as of a version that can't say it.
        foreach (var (takenUntil, why) in new[] { ((DateTimeOffset?)null, "does not say"), (_time.GetUtcNow().AddHours(-2), ScriptedServices.Backlog) })
        {
            _script.TakenUntil = takenUntil;
            var behind = await orders.Report(await _time.Run(orders, from: _time.GetUtcNow().AddHours(-3)));
            Assert.Empty(behind.Discrepancies);
            Assert.Contains(why, Assert.Single(behind.Unjudged).Why, StringComparison.Ordinal);
        }

        Assert.Empty(_script.Events);
        _script.TakenUntil = DateTimeOffset.MaxValue;
        // Longer ago than runs look back, but not judged by the one that saw it.
        var found = Assert.Single((await orders.Report(await _time.Run(orders))).Discrepancies);
        Assert.Equal((DiscrepancyKind.NotificationMissing, order, Repair.PublishEvents), (found.Kind, found.OrderId, found.Repair));
        await Waiting.Until(order, () => Task.FromResult(_script.Events.OfType<OrderReserved>().SingleOrDefault()?.OrderId ?? Guid.Empty), "the event");
        Assert.Equal("NeedsAttention", (await State(orders, order)).CurrentState);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_repair_waits_in_a_queue_it_is_not_made_again(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, RunsInVirtualTime.RunsOnDemand);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        _script.TakenUntil = _time.GetUtcNow();
        var order = Assert.Single(await _time.Generate(orders, OrderStatus.Cancelled, 1));
        _script.Claims[order] = StockClaim.Held;
        _script.Releases = false;

        var first = await _time.Run(orders);
        await Waiting.Until(1, () => Task.FromResult(_script.Count<ReleaseStock>()), "the repair");
        var second = await orders.Report(await _time.Run(orders));
        Assert.Empty(second.Discrepancies);
        var unjudged = Assert.Single(second.Unjudged);
        Assert.Equal((DiscrepancyKind.StockHeld, 1), (unjudged.Kind, unjudged.Orders));
        Assert.Null(Assert.Single((await orders.Report(first)).Discrepancies).ResolvedAt);

        // It has come there, and did not help: twice more, then it is a person's.
        _script.TakenUntil = DateTimeOffset.MaxValue;
        foreach (var repair in new Repair?[] { Repair.ReleaseStock, Repair.ReleaseStock, null, null })
        {
            await _time.Arrive(orders);
            Assert.Equal(repair, Assert.Single((await orders.Report(await _time.Run(orders))).Discrepancies).Repair);
        }

        await Waiting.Until(3, () => Task.FromResult(_script.Count<ReleaseStock>()), "all repairs");
    }

    [Fact]
    public async Task When_the_broker_is_away_nothing_is_known_of_its_queues_and_health_says_so()
    {
        var place = await servers.NewPlace();
        await using var orders = Replica.StartOrderService(place, _time, RunsInVirtualTime.RunsOnDemand);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        await _time.Settle(orders);
        Assert.Equal(HealthStatus.Healthy, await orders.Health("queues"));
        await servers.Stop("rabbitmq");
        DateTimeOffset stopped;
        try
        {
            stopped = _time.GetUtcNow();
            await _time.Until("the queues to be unknown", () => orders.Health("queues"), status => status == HealthStatus.Degraded);
            _time.Advance(RunsInVirtualTime.Grace);
            // The outbox has to be counted after the leap first.
            var arrived = await _time.Until("a reason", () => orders.Request(scope => Task.FromResult(scope.GetRequiredService<Arrivals>().At(OrderSagaDefinition.Queue))),
                x => x.WhyNoLater.Contains("could not be measured since", StringComparison.Ordinal));
            Assert.True(arrived.Until <= stopped, $"{arrived.Until:O} is after {stopped:O}");
        }
        finally
        {
            await servers.Start("rabbitmq");
        }

        await _time.Until("the queues to be known", () => orders.Health("queues"), status => status == HealthStatus.Healthy);
    }

    /// <summary>Has whatever wants to change these orders wait.</summary>
    private static async Task<IAsyncDisposable> Hold(Replica orders, IEnumerable<Guid> all)
    {
        var scope = orders.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<OrderDbContext>();
        await context.Database.BeginTransactionAsync();
        await context.LockForAsync([.. all.Select(order => new StockReserved(order))], CancellationToken.None);
        return scope;
    }

    /// <summary>Waits until all that is due has left the outbox.</summary>
    private Task<int> Leave(Replica orders) => _time.Until("messages to leave the outbox",
        () => orders.Query(x => x.Set<OutboxMessage>().CountAsync(message => message.SchedulingTokenId == null || message.EnqueueTime < _time.GetUtcNow().UtcDateTime)), count => count == 0);

    private Task<OrderState> Reaches(Replica orders, Guid order, OrderStatus status) =>
        _time.Until($"{order} to be {status}", () => State(orders, order), state => state.CurrentState == status.ToString());

    private static Task<OrderState> State(Replica orders, Guid order) =>
        orders.Query(context => context.OrderStates.AsNoTracking().SingleAsync(x => x.CorrelationId == order));

    private static Task<Guid> Submit(Replica orders) => orders.Request(async scope =>
    {
        var request = new SubmitOrderRequest(null, new CustomerRequest("Ada", "ada@example.com", null), [new LineRequest("KETTLE", 1, 12.50m)]);
        return (await scope.GetRequiredService<OrderSubmission>().SubmitAsync(request, CancellationToken.None)).Order.OrderId;
    });

    /// <summary>Publishes, and stores a row with it, in one transaction.</summary>
    private static Task<int> Publish<T>(Replica orders, T message, object? row = null)
        where T : class =>
        orders.Request(async scope =>
        {
            var context = scope.GetRequiredService<OrderDbContext>();
            if (row is not null)
                context.Add(row);
            await scope.GetRequiredService<IPublishEndpoint>().Publish(message);
            return await context.SaveChangesAsync();
        });
}
