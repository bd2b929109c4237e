using MassTransit;
using Microsoft.Extensions.Options;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering.Events;

namespace OrderSample.OrderService.DrivingOrder;

/// <summary>
/// Drives an order to a final state. Before the money is in, everything unexpected drives to failure; after it, to
/// success. Any event can come twice, late or early: none throws for that, and none has its effect twice.
/// </summary>
/// <remarks>
/// This file is the decision table. What its steps do is in the other part of the class.
/// <para>
/// ReleaseStock is the last word on an order's stock. The inventory undoes by it what it holds, and what it has committed
/// as well, and does nothing for the order any more; an order it was sent for can only end as cancelled. So it doesn't
/// matter which commands and answers are still on their way when the saga gives up.
/// </para>
/// </remarks>
public sealed partial class OrderStateMachine : MassTransitStateMachine<OrderState>
{
    private readonly SagaOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Creates the machine.</summary>
    /// <param name="options">Timeouts and number of resends.</param>
    /// <param name="time">The clock of the timeline.</param>
    /// <param name="logger">For events that no rule expects.</param>
    public OrderStateMachine(IOptions<SagaOptions> options, TimeProvider time, ILogger<OrderStateMachine> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _time = time;
        InstanceState(order => order.CurrentState);
        Correlate();

        HappyPath();
        Timeouts();
        Compensation();
        SurplusPayments();
        Attention();
        WhatChangesNothing(logger);
        ConnectEventObserver(new OutboxWaits());
    }

    private void HappyPath()
    {
        Initially(
            When(OrderSubmitted).Then(Begin)
                .IfElse(order => order.Saga.CancelAtOnce,
                    cancelled => ReleaseStock(GiveOwnPaymentBack(cancelled)),
                    accepted => ReserveStock(accepted).TransitionTo(Submitted)));

        During(Submitted,
            When(StockReserved).Then(NoteReservation).Unschedule(StockTimeout).PublishOrderReserved()
                .IfElse(order => order.Saga.PaymentId is not null,
                    paid => CommitStock(paid),
                    unpaid => unpaid.Schedule(PaymentTimeout, order => new PaymentTimeoutExpired(order.Saga.CorrelationId))
                        .TransitionTo(AwaitingPayment)));

        During(AwaitingPayment,
            CommitStock(When(PaymentReceived).Then(NotePayment).Unschedule(PaymentTimeout)));

        During(Confirming,
            When(StockCommitted).Then(Note).Unschedule(ConfirmTimeout).PublishOrderCompleted().TransitionTo(Completed));

        // The customer was quicker than the warehouse, or than the saga's first event.
        Initially(TakePayment(When(PaymentReceived)));
        During(Submitted, TakePayment(When(PaymentReceived)));
    }

    private void Timeouts()
    {
        During(Submitted,
            When(StockTimeout.Received).IfElse(MayResend,
                again => ReserveStock(again.Then(NoteResend)),
                givenUp => ReleaseStock(GiveOwnPaymentBack(givenUp.Then(order => GiveUp(order, "The warehouse did not answer in time."))))));

        During(AwaitingPayment,
            When(PaymentTimeout.Received).Activity(timeout => timeout.OfType<LookIntoPaymentLedger>()).IfElse(order => order.Saga.IsPaid,
                paid => CommitStock(paid),
                unpaid => ReleaseStock(unpaid.Then(order => GiveUp(order, "Not paid in time.")))));

        During(Confirming,
            When(ConfirmTimeout.Received).IfElse(MayResend,
                again => SendCommit(again.Then(NoteResend)),
                givenUp => SendRelease(GiveOwnPaymentBack(givenUp.Then(order =>
                    GiveUp(order, "Paid, but the warehouse did not confirm the delivery; the money goes back.")))).TransitionTo(NeedsAttention)));

        During(Cancelling,
            When(ReleaseTimeout.Received).IfElse(MayResend,
                again => AskForRelease(again.Then(NoteResend)),
                givenUp => givenUp.Then(order => GiveUp(order, "Cancelled, but the warehouse did not confirm the release.")).TransitionTo(NeedsAttention)));
    }

    private void Compensation()
    {
        During(Submitted,
            GiveOwnPaymentBack(When(StockShort).Then(TakeShortage).Unschedule(StockTimeout)).PublishOrderRejected().TransitionTo(Rejected),
            When(CancellationRequested).IfElse(order => order.Saga.PaymentId is null,
                unpaid => ReleaseStock(unpaid.Then(TakeCancellation).Unschedule(StockTimeout)),
                paid => paid.Then(RefuseCancellation)));

        During(AwaitingPayment,
            ReleaseStock(When(CancellationRequested).Then(TakeCancellation).Unschedule(PaymentTimeout)));

        During(Cancelling, NeedsAttention,
            When(StockReleased).Then(Note).Unschedule(ReleaseTimeout).PublishOrderCancelled().TransitionTo(Cancelled));

        Initially(When(CancellationRequested).If(order => order.Saga.PaymentId is null, unpaid => unpaid.Then(TakeEarlyCancellation)));
        During(Confirming, Completed, When(CancellationRequested).Then(RefuseCancellation));
    }

    /// <summary>Money that the order can't use, or can't use any more, goes back.</summary>
    private void SurplusPayments() =>
        During([Confirming, Completed, Rejected, Cancelling, Cancelled, NeedsAttention],
            GiveBack(When(PaymentReceived)));

    /// <summary>
    /// An operator takes a parked order up again. What it was given up with is the release of its stock, and its money has
    /// gone back or never came; so whether the operator retries or cancels, it can only be called off, and is. Retrying asks
    /// the warehouse again; cancelling, besides, gives the customer the operator's reason.
    /// </summary>
    private void Attention() =>
        During(NeedsAttention,
            ReleaseStock(When(AttentionRetryRequested).Then(order => NoteDecision(order, order.Message.By, order.Message.Reason))),
            ReleaseStock(GiveOwnPaymentBack(When(AttentionCancelRequested).Then(TakeOperatorsCancellation))));

    private void WhatChangesNothing(ILogger logger)
    {
        // What a state has behind it comes again, or comes late.
        During(Submitted, Ignore(OrderSubmitted), Ignore(StockCommitted), Ignore(StockReleased));
        During(AwaitingPayment, Ignore(OrderSubmitted), Ignore(StockReserved), Ignore(StockShort), Ignore(StockCommitted), Ignore(StockReleased));
        During(Confirming, Ignore(OrderSubmitted), Ignore(StockReserved), Ignore(StockShort), Ignore(StockReleased));
        During(Completed, Ignore(OrderSubmitted), Ignore(StockReserved), Ignore(StockShort), Ignore(StockCommitted), Ignore(StockReleased));
        During([Rejected, Cancelled],
            Ignore(OrderSubmitted), Ignore(StockReserved), Ignore(StockShort), Ignore(StockCommitted), Ignore(StockReleased), Ignore(CancellationRequested));
        During(Cancelling, Ignore(OrderSubmitted), Ignore(StockReserved), Ignore(StockShort), Ignore(StockCommitted), Ignore(CancellationRequested));
        During(NeedsAttention, Ignore(OrderSubmitted), Ignore(StockReserved), Ignore(StockShort), Ignore(StockCommitted), Ignore(CancellationRequested));

        // Decided about while it moved on by itself, or by another operator.
        During([Initial, Submitted, AwaitingPayment, Confirming, Completed, Rejected, Cancelling, Cancelled],
            Ignore(AttentionRetryRequested), Ignore(AttentionCancelRequested));

        // Left over: an answer before the question, a timeout of another state. Only an interference by hand brings it about.
        OnUnhandledEvent(order =>
        {
            logger.LogWarning("{Event} of order {OrderId} is not expected in state {State}; nothing was done", order.Event.Name, order.Saga.CorrelationId, order.CurrentState.Name);
            return Task.CompletedTask;
        });
    }
}
