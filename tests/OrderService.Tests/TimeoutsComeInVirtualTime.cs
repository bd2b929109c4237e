using MassTransit;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.AttendingOrder;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.SubmittingOrder;
using OrderSample.OrderService.Tests.Running;

namespace OrderSample.OrderService.Tests;

/// <summary>
/// The saga with its production timeouts on a real broker and database. Nothing waits for them: the clock that the outbox
/// stores due times by, and that its sweeper looks at, is moved by hand.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class TimeoutsComeInVirtualTime(TestServers servers)
{
    private static readonly SagaOptions Production = new();

    /// <summary>MassTransit reckons due times from the machine's clock, and so loses the moment that this takes.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private const int MaxResends = 5;

    /// <summary>How long after it is due a timeout may come: the clock is moved on while it is on its way.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2);

    private readonly VirtualTime _time = new();
    private readonly Script _script = new();

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_nobody_pays_an_order_is_called_off_after_its_time_and_not_before(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        var early = await Submit(orders);
        await Reaches(orders, early, OrderStatus.AwaitingPayment);
        _time.Advance(Production.PaymentTimeout / 2);
        var late = await Submit(orders);
        var lateIsReserved = (await Reaches(orders, late, OrderStatus.AwaitingPayment)).UpdatedAt;

        await ExpireTimeout(orders, early);
        await Reaches(orders, early, OrderStatus.Cancelled);
        Assert.Equal("AwaitingPayment", (await State(orders, late)).CurrentState);

        await ExpireTimeout(orders, late);
        var cancelled = await Reaches(orders, late, OrderStatus.Cancelled);
        var expired = Assert.Single(cancelled.Timeline, x => x.Event == nameof(PaymentTimeoutExpired));
        Assert.InRange(expired.At - lateIsReserved, Production.PaymentTimeout - Moment, Production.PaymentTimeout + Slack);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_money_is_there_and_its_event_is_later_than_the_timeout_the_order_is_completed_and_keeps_it(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time);
        await using var others = await ScriptedServices.Start(place, _time, _script);
        var order = await Submit(orders);
        await Reaches(orders, order, OrderStatus.AwaitingPayment);
        var payment = NewPayment(order);
        await orders.Request(scope =>
        {
            scope.GetRequiredService<OrderDbContext>().Add(payment);
            return scope.GetRequiredService<OrderDbContext>().SaveChangesAsync();
        });

        await ExpireTimeout(orders, order);
        await Reaches(orders, order, OrderStatus.Completed);

        // Its event comes, and another payment after it, so that there is something to wait for.
        await Publish(orders, new PaymentReceived(order, payment.PaymentId, payment.Amount, payment.ReceivedAt));
        var second = await Pay(orders, order);
        await _time.Until("the refund", () => Refunds(orders, order), refunds => refunds.Length > 0);
        Assert.Equal([second], await Refunds(orders, order));
        var completed = await State(orders, order);
        Assert.Equal(payment.PaymentId, completed.PaymentId);
        Assert.Single(completed.Timeline, x => x.Event == nameof(PaymentReceived));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_inventory_never_answers_it_is_asked_again_each_way_as_often_as_may_be_and_the_order_parked_until_an_operator_retries(DatabaseServer on)
    {
        _script.Answers = _ => false;
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, ("Saga:MaxResends", $"{MaxResends}"));
        await using var others = await ScriptedServices.Start(place, _time, _script);
        var order = await Submit(orders);
        await Reaches(orders, order, OrderStatus.Submitted);

        for (var i = 0; i <= MaxResends; i++)
            await ExpireTimeout(orders, order);
        var givenUp = await State(orders, order);
        Assert.Equal("Cancelling", givenUp.CurrentState);
        Assert.All(GapsBetweenResends(givenUp), gap => Assert.InRange(gap, Production.StockTimeout - Moment, Production.StockTimeout + Slack));

        for (var i = 0; i <= MaxResends; i++)
            await ExpireTimeout(orders, order);
        Assert.Equal("NeedsAttention", (await State(orders, order)).CurrentState);
        Assert.Null(await DueAt(orders, order));
        await _time.Until("all commands", () => Task.FromResult((_script.Count<ReserveStock>(), _script.Count<ReleaseStock>())),
            sent => sent == (MaxResends + 1, MaxResends + 1));

        _script.Answers = _ => true;
        await Publish(orders, new AttentionRetryRequested(order, "Grace", "The inventory is back."));
        await Reaches(orders, order, OrderStatus.Cancelled);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_paid_order_is_never_confirmed_money_and_stock_are_given_back_once(DatabaseServer on)
    {
        _script.Answers = command => command is ReserveStock;
        var place = await servers.NewPlace(on);
        await using var orders = Replica.StartOrderService(place, _time, ("Saga:MaxResends", $"{MaxResends}"));
        await using var others = await ScriptedServices.Start(place, _time, _script);
        var order = await Submit(orders);
        await Reaches(orders, order, OrderStatus.AwaitingPayment);
        var payment = await Pay(orders, order);
        await Reaches(orders, order, OrderStatus.Confirming);

        for (var i = 0; i <= MaxResends; i++)
            await ExpireTimeout(orders, order);
        Assert.Equal("NeedsAttention", (await State(orders, order)).CurrentState);
        await _time.Until("the refund and the release", async () => (await Refunds(orders, order), _script.Count<CommitStock>(), _script.Count<ReleaseStock>()),
            done => done is ([_], MaxResends + 1, 1));

        _script.Answers = _ => true;
        await Publish(orders, new AttentionCancelRequested(order, "Grace", "It will not be delivered."));
        var cancelled = await Reaches(orders, order, OrderStatus.Cancelled);
        Assert.Equal("It will not be delivered.", cancelled.Reason);
        Assert.Equal([payment], await Refunds(orders, order));
    }

    /// <summary>Moves the clock to where the order's timeout is due, and waits for what it does.</summary>
    private async Task ExpireTimeout(Replica orders, Guid order)
    {
        var before = (await State(orders, order)).TimeoutToken;
        _time.AdvanceTo((await DueAt(orders, order))!.Value);
        await _time.Until($"the timeout of {order}", () => State(orders, order), state => state.TimeoutToken != before);
    }

    private static TimeSpan[] GapsBetweenResends(OrderState state)
    {
        var at = state.Timeline.Where(x => x.Event == "Resent").Select(x => x.At).ToList();
        return [.. at.Skip(1).Zip(at, (later, earlier) => later - earlier)];
    }

    private Task<OrderState> Reaches(Replica orders, Guid order, OrderStatus status) =>
        _time.Until($"{order} to be {status}", () => State(orders, order), state => state.CurrentState == status.ToString());

    private static Task<OrderState> State(Replica orders, Guid order) =>
        orders.Query(context => context.OrderStates.AsNoTracking().SingleAsync(x => x.CorrelationId == order));

    /// <summary>When the order's timeout is due; null when it waits for none.</summary>
    private static async Task<DateTimeOffset?> DueAt(Replica orders, Guid order)
    {
        var token = (await State(orders, order)).TimeoutToken;
        var due = await orders.Query(context => context.Set<OutboxMessage>().Where(x => token != null && x.SchedulingTokenId == token)
            .Select(x => x.EnqueueTime).SingleOrDefaultAsync());
        return due is { } time ? new DateTimeOffset(time, TimeSpan.Zero) : null;
    }

    private static Task<Guid[]> Refunds(Replica orders, Guid order) =>
        orders.Query(context => context.Refunds.Where(x => x.OrderId == order).Select(x => x.PaymentId).ToArrayAsync());

    private static Task<Guid> Submit(Replica orders) => orders.Request(async scope =>
    {
        var request = new SubmitOrderRequest(null, new CustomerRequest("Ada", "ada@example.com", null), [new LineRequest("KETTLE", 1, 12.50m)]);
        var outcome = await scope.GetRequiredService<OrderSubmission>().SubmitAsync(request, CancellationToken.None);
        return outcome.Order.OrderId;
    });

    private Payment NewPayment(Guid order) => new() { PaymentId = Guid.NewGuid(), OrderId = order, Amount = 12.50m, ReceivedAt = _time.GetUtcNow() };

    private async Task<Guid> Pay(Replica orders, Guid order)
    {
        var payment = NewPayment(order);
        await Publish(orders, new PaymentReceived(order, payment.PaymentId, payment.Amount, payment.ReceivedAt), payment);
        return payment.PaymentId;
    }

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
