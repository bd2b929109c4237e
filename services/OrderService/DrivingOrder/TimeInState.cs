using System.Diagnostics.Metrics;
using MassTransit;

namespace OrderSample.OrderService.DrivingOrder;

/// <summary>Notes since when an order is in its state, and measures how long it was in the one before.</summary>
internal sealed class TimeInState(OrderStateMachine machine, IMeterFactory meters, TimeProvider time) : IHostedService, IStateObserver<OrderState>
{
    // The factory owns the meter.
    private readonly Histogram<double> _duration = meters.Create("OrderSample.Orders")
        .CreateHistogram<double>("ordersample.order.time_in_state", "s", "How long orders were in a state they have left.");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        machine.ConnectStateObserver(this);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StateChanged(BehaviorContext<OrderState> context, State currentState, State? previousState)
    {
        var order = context.Saga;
        var now = time.GetUtcNow();
        // A state that was entered before this was noted has no beginning.
        if (previousState is not null && order.InStateSince != default)
            _duration.Record((now - order.InStateSince).TotalSeconds, new KeyValuePair<string, object?>("state", previousState.Name), new("next", currentState.Name));
        order.InStateSince = now;
        return Task.CompletedTask;
    }
}
