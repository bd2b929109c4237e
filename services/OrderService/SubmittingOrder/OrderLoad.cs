using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>
/// Knows how much is on its way, and lets no more orders in than that allows: a count of a moment ago, plus what this
/// process has let in since.
/// </summary>
/// <remarks>
/// What can't be counted keeps its last value. Orders that are let in meanwhile are added to the last count, so that no more than the
/// limit come in however long it lasts. A queue that was too long stays so while the broker is away: its consumers are away, too.
/// </remarks>
internal sealed class OrderLoad(
    IServiceScopeFactory scopes, IQueueMonitor queues, IOutboxMonitor outbox, IOptions<AdmissionOptions> options, TimeProvider time, ILogger<OrderLoad> logger)
    : BackgroundService, IHealthCheck
{
    /// <summary>Why orders are refused while too many are in flight.</summary>
    public const string TooManyOrders = "Too many orders are on their way.";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A count that is older says nothing any more.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(5);

    private static readonly string[] InFlight =
    [
        .. OrderStatuses.StatesOf(OrderStatus.Submitted), nameof(OrderStatus.Confirming), nameof(OrderStatus.Cancelling),
    ];

    private readonly AdmissionOptions _options = options.Value;
    private readonly Lock _gate = new();
    private int _counted;
    private int _letInSince;
    private DateTimeOffset _countedAt = time.GetUtcNow();

    /// <summary>Since when orders could not be counted; null while they are.</summary>
    public DateTimeOffset? UnknownSince
    {
        get
        {
            lock (_gate)
                return time.GetUtcNow() - _countedAt > Known ? _countedAt : null;
        }
    }

    /// <summary>Degraded, not unhealthy: there is room for some orders yet.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(UnknownSince is { } since
            ? HealthCheckResult.Degraded($"The orders on their way could not be counted since {since:O}.")
            : HealthCheckResult.Healthy());

    /// <summary>Lets orders in, or says why not.</summary>
    /// <param name="orders">How many.</param>
    /// <returns>Null, or the reason for a refusal.</returns>
    public string? TryEnter(int orders)
    {
        var backlog = outbox.Current;
        if (backlog.Count > _options.MaxOutboxMessages)
            return "Too many messages wait for the broker.";
        if (backlog.OldestAge > _options.MaxOutboxAge)
            return "Messages have been waiting for the broker for too long.";
        if (queues.WaitingIn(OrderSagaDefinition.Queue) > _options.MaxQueueLength)
            return "Too many messages wait for the orders' saga.";
        lock (_gate)
        {
            if (_counted + _letInSince + orders > _options.MaxOrdersInFlight)
                return TooManyOrders;
            _letInSince += orders;
            return null;
        }
    }

    /// <summary>Gives back the room of orders that were let in and not stored.</summary>
    public void Leave(int orders)
    {
        lock (_gate)
            _letInSince = Math.Max(0, _letInSince - orders);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await CountOrders(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task CountOrders(CancellationToken cancellationToken)
    {
        int before;
        lock (_gate)
            before = _letInSince;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var orders = scope.ServiceProvider.GetRequiredService<OrderDbContext>().OrderStates;
            // In the order of an index for each state: however many there are, no more than the limit of each is looked at.
            var counted = await InFlight
                .Select(state => orders.Where(order => order.CurrentState == state).OrderBy(order => order.SubmittedAt).Take(_options.MaxOrdersInFlight).Select(order => order.CorrelationId))
                .Aggregate(Queryable.Concat).CountAsync(cancellationToken);
            lock (_gate)
            {
                // Those let in before the count began are in it, or will be in the next one.
                _counted = counted;
                _countedAt = time.GetUtcNow();
                _letInSince = Math.Max(0, _letInSince - before);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogDebug(exception, "The orders on their way could not be counted");
        }
    }
}
