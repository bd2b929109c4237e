using System.Globalization;
using MassTransit;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.AttendingOrder;
using OrderSample.OrderService.Data;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.OrderService.DrivingOrder;

/// <content>The steps that the decision table is made of.</content>
public sealed partial class OrderStateMachine
{
    private const string Resent = "Resent";

    // A command is always sent together with the timeout for its answer, but for the one that an order is parked with.

    private EventActivityBinder<OrderState, T> ReserveStock<T>(EventActivityBinder<OrderState, T> step)
        where T : class =>
        Command(step, order => new ReserveStock(order.CorrelationId, order.Lines))
            .Schedule(StockTimeout, order => new StockTimeoutExpired(order.Saga.CorrelationId));

    private EventActivityBinder<OrderState, T> CommitStock<T>(EventActivityBinder<OrderState, T> step)
        where T : class =>
        SendCommit(step.Then(order => order.Saga.Resends = 0)).TransitionTo(Confirming);

    private EventActivityBinder<OrderState, T> SendCommit<T>(EventActivityBinder<OrderState, T> step)
        where T : class =>
        Command(step, order => new CommitStock(order.CorrelationId))
            .Schedule(ConfirmTimeout, order => new ConfirmTimeoutExpired(order.Saga.CorrelationId));

    private EventActivityBinder<OrderState, T> ReleaseStock<T>(EventActivityBinder<OrderState, T> step)
        where T : class =>
        AskForRelease(step.Then(order => order.Saga.Resends = 0)).TransitionTo(Cancelling);

    private EventActivityBinder<OrderState, T> AskForRelease<T>(EventActivityBinder<OrderState, T> step)
        where T : class =>
        SendRelease(step).Schedule(ReleaseTimeout, order => new ReleaseTimeoutExpired(order.Saga.CorrelationId));

    private EventActivityBinder<OrderState, T> SendRelease<T>(EventActivityBinder<OrderState, T> step)
        where T : class =>
        Command(step, order => new ReleaseStock(order.CorrelationId));

    /// <summary>Sends a command to the inventory. It is in the timeline, unless it is there as sent again.</summary>
    private EventActivityBinder<OrderState, T> Command<T, TCommand>(EventActivityBinder<OrderState, T> step, Func<OrderState, TCommand> command)
        where T : class
        where TCommand : class =>
        step.Then(order => NoteCommand(order.Saga, typeof(TCommand).Name)).Send(InventoryAddresses.Reservations, order => command(order.Saga));

    private void NoteCommand(OrderState order, string command)
    {
        if (order.Timeline is not [.., { Event: Resent }])
            order.Record(_time.GetUtcNow(), command);
    }

    private void Begin(BehaviorContext<OrderState, OrderSubmitted> order)
    {
        var message = order.Message;
        order.Saga.Customer ??= message.Customer;
        order.Saga.Lines ??= StockLines(message.Lines);
        order.Saga.Total = message.Total;
        order.Saga.SubmittedAt = message.SubmittedAt;
        if (order.Saga.Timeline.Count == 0)
            order.Saga.Record(message.SubmittedAt, order.Event.Name);
    }

    /// <summary>Takes an order's first payment; another one is given back.</summary>
    private EventActivityBinder<OrderState, PaymentReceived> TakePayment(EventActivityBinder<OrderState, PaymentReceived> step) =>
        step.IfElse(order => order.Saga.PaymentId is null, first => first.Then(NotePayment), GiveBack);

    /// <summary>Gives a payment back that the order has no use for; one that is kept, or given back already, is a repetition.</summary>
    private EventActivityBinder<OrderState, PaymentReceived> GiveBack(EventActivityBinder<OrderState, PaymentReceived> step) =>
        step.If(order => order.Saga.PaymentId != order.Message.PaymentId && !order.Saga.Refunds.Contains(order.Message.PaymentId),
            surplus => surplus.Then(order => NoteRefund(order, order.Message.PaymentId, order.Message.Amount)).PublishRefundDue(order => order.Message.Amount));

    /// <summary>Gives the order's own payment back, because the order fails after it was paid.</summary>
    private EventActivityBinder<OrderState, T> GiveOwnPaymentBack<T>(EventActivityBinder<OrderState, T> step)
        where T : class =>
        step.If(order => order.Saga.IsPaid,
            paid => paid.Then(order => NoteRefund(order, order.Saga.PaymentId!.Value, order.Saga.Total)).PublishRefundDue(order => order.Saga.Total));

    private void NoteRefund<T>(BehaviorContext<OrderState, T> order, Guid paymentId, decimal amount)
        where T : class
    {
        order.Saga.Refunds = [.. order.Saga.Refunds, paymentId];
        order.Saga.Record(_time.GetUtcNow(), nameof(RefundDue), $"{Money.Text(amount)} not needed, to be given back (payment {paymentId})");
    }

    private void NotePayment(BehaviorContext<OrderState, PaymentReceived> order) =>
        order.Saga.TakePayment(_time.GetUtcNow(), order.Message.PaymentId, order.Message.Amount);

    private void NoteReservation(BehaviorContext<OrderState, StockReserved> order)
    {
        Note(order);
        order.Saga.ReservedAt = order.Saga.UpdatedAt;
    }

    private void TakeShortage(BehaviorContext<OrderState, StockShort> order)
    {
        order.Saga.Reason = Shorten("Short of " + string.Join(", ", order.Message.Shortages.Select(
            shortage => string.Create(CultureInfo.InvariantCulture, $"{shortage.Sku} ({shortage.Available} of {shortage.Requested})"))));
        order.Saga.Record(_time.GetUtcNow(), order.Event.Name, order.Saga.Reason);
    }

    private void TakeCancellation(BehaviorContext<OrderState, CancellationRequested> order)
    {
        order.Saga.Reason = Shorten(order.Message.Reason ?? "Cancelled by the customer.");
        NoteCancellation(order, order.Saga.Reason);
    }

    private void TakeEarlyCancellation(BehaviorContext<OrderState, CancellationRequested> order)
    {
        order.Saga.CancelAtOnce = true;
        TakeCancellation(order);
    }

    private void RefuseCancellation(BehaviorContext<OrderState, CancellationRequested> order) =>
        NoteCancellation(order, "Too late: the order is paid.");

    /// <summary>The message belongs to the trace of the request that asked for it.</summary>
    private void NoteCancellation(BehaviorContext<OrderState, CancellationRequested> order, string detail) =>
        order.Saga.Record(_time.GetUtcNow(), order.Event.Name, detail, OrderScope.TraceIdOf(OrderScope.TraceParent));

    private void TakeOperatorsCancellation(BehaviorContext<OrderState, AttentionCancelRequested> order)
    {
        order.Saga.Reason = order.Message.Reason;
        NoteDecision(order, order.Message.By, order.Message.Reason);
    }

    private void NoteDecision<T>(BehaviorContext<OrderState, T> order, string by, string reason)
        where T : class =>
        order.Saga.Record(_time.GetUtcNow(), order.Event.Name, $"{by}: {reason}");

    private bool MayResend<T>(BehaviorContext<OrderState, T> order)
        where T : class =>
        order.Saga.Resends < _options.MaxResends;

    private void NoteResend<T>(BehaviorContext<OrderState, T> order)
        where T : class
    {
        order.Saga.Resends++;
        order.Saga.Record(_time.GetUtcNow(), Resent, $"No answer in state {order.Saga.CurrentState}, asked again ({order.Saga.Resends})");
    }

    private void GiveUp<T>(BehaviorContext<OrderState, T> order, string reason)
        where T : class
    {
        order.Saga.Reason = reason;
        order.Saga.Record(_time.GetUtcNow(), typeof(T).Name, reason);
    }

    private void Note<T>(BehaviorContext<OrderState, T> order)
        where T : class =>
        order.Saga.Record(_time.GetUtcNow(), order.Event.Name);

    private static string Shorten(string text) => text.Length <= OrderState.MaxReasonLength ? text : text[..OrderState.MaxReasonLength];
}
