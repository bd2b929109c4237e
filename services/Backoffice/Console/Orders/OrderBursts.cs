using System.Net;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Contracts.Ordering;

namespace OrderSample.Backoffice.Console.Orders;

/// <summary>
/// Places bursts of orders in the background, one burst at a time, whoever looks on. What the order service turns away for
/// now is sent again, under the same ids: so none is placed twice.
/// </summary>
internal sealed class OrderBursts(IServiceScopeFactory scopes, PriceList prices, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<OrderBursts> logger)
{
    private const int MaxBatch = 100;
    private const int PaymentsAtATime = 8;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private CancellationTokenSource? _cancel;

    /// <summary>How the last burst stands.</summary>
    public BurstProgress Progress { get; private set; } = BurstProgress.None;

    /// <summary>Begins one.</summary>
    /// <param name="burst">What is to be placed.</param>
    /// <param name="by">Who asks.</param>
    /// <returns>Why not; null when it has begun.</returns>
    public string? Start(Burst burst, string by)
    {
        if (burst.Problem() is { } problem)
            return problem;

        lock (_gate)
        {
            if (Progress.IsRunning)
                return "A burst is on its way; cancel it, or wait for its end.";
            Progress = BurstProgress.None with { Burst = burst, By = by, IsRunning = true };
            _cancel = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
            _ = RunAsync(burst, _cancel);
            return null;
        }
    }

    /// <summary>Ends the one that is on its way; what is placed stays placed.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            if (Progress.IsRunning)
                _cancel?.Cancel();
        }
    }

    /// <summary>Forgets one that has ended: what came of it is for who asked for it, who says when it was seen.</summary>
    /// <returns>Why not; null when it is forgotten.</returns>
    public string? Clear(string by)
    {
        lock (_gate)
        {
            if (Progress.By is { } owner && owner != by)
                return $"Only {owner}, who has placed this burst, can clear it. A new one takes its place.";
            if (!Progress.IsRunning)
                Progress = BurstProgress.None;
            return null;
        }
    }

    private async Task RunAsync(Burst burst, CancellationTokenSource cancel)
    {
        using var own = cancel;
        var problem = "Cancelled.";
        try
        {
            await PlaceAllAsync(burst, cancel.Token);
            problem = null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // By a person, or because the backoffice ends.
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The burst ended too early");
            problem = exception.Message;
        }

        lock (_gate)
            Progress = Progress with { IsRunning = false, Problem = problem };
    }

    private async Task PlaceAllAsync(Burst burst, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var begin = time.GetTimestamp();
        using var timer = new PeriodicTimer(Tick, time);
        for (var placed = 0; placed < burst.Count; await timer.WaitForNextTickAsync(cancellationToken))
        {
            var due = (int)(time.GetElapsedTime(begin).TotalSeconds * burst.Rate) + 1 - placed;
            var count = Math.Min(Math.Min(due, MaxBatch), burst.Count - placed);
            if (count < 1)
                continue;

            lock (_gate)
                Progress = Progress with { Offered = placed + count };
            await PlaceAsync([.. Enumerable.Range(0, count).Select(_ => Order(burst))], burst.Pay, cancellationToken);
            placed += count;
            lock (_gate)
                Progress = Progress with { Placed = placed, Seconds = time.GetElapsedTime(begin).TotalSeconds, Problem = null };
        }
    }

    private async Task PlaceAsync(IReadOnlyList<NewOrder> orders, bool pay, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var service = scope.ServiceProvider.GetRequiredService<OrderServiceClient>();
        await UntilTakenAsync(() => service.PlaceBatchAsync(orders, cancellationToken), cancellationToken);
        if (pay)
        {
            await Parallel.ForEachAsync(orders, new ParallelOptions { MaxDegreeOfParallelism = PaymentsAtATime, CancellationToken = cancellationToken },
                async (order, token) => await UntilTakenAsync(() => service.PayAsync(order.OrderId, order.OrderId, order.Lines[0].UnitPrice, token), token));
        }
    }

    private async Task UntilTakenAsync<T>(Func<Task<ServiceAnswer<T>>> send, CancellationToken cancellationToken)
        where T : class
    {
        while (await send() is { Problem: { } problem, Refusal: var refusal })
        {
            lock (_gate)
            {
                Progress = refusal == HttpStatusCode.TooManyRequests
                    ? Progress with { Problem = problem, TurnedAway = Progress.TurnedAway + 1 }
                    : Progress with { Problem = problem, Failed = Progress.Failed + 1 };
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private NewOrder Order(Burst burst) => new(
        Guid.CreateVersion7(time.GetUtcNow()), new Customer("Burst", "burst@example.com", null), [new OrderLine(burst.Sku, 1, prices.Find(burst.Sku) ?? PriceList.Other)]);
}
