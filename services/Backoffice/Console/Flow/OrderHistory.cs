using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Console.Flow;

/// <summary>How many orders were where at a time.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Counts">The counts.</param>
public sealed record CountsAt(DateTimeOffset At, OrderCounts Counts);

/// <summary>The samples of the last minutes, oldest first.</summary>
/// <param name="Samples">The samples.</param>
public sealed record OrderTrend(IReadOnlyList<CountsAt> Samples);

/// <summary>Keeps the last minutes in memory, so that a chart is there when the page is opened.</summary>
internal sealed class OrderHistory
{
    /// <summary>How far back it goes.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Queue<CountsAt> _samples = new();
    private string? _problem;

    /// <summary>Takes a sample in, and lets go of those that are too old.</summary>
    public void Add(CountsAt sample)
    {
        lock (_lock)
        {
            _problem = null;
            _samples.Enqueue(sample);
            while (_samples.Peek().At < sample.At - Span)
                _samples.Dequeue();
        }
    }

    /// <summary>Takes note that there is no sample to be had.</summary>
    public void Fail(string problem)
    {
        lock (_lock)
            _problem = problem;
    }

    /// <summary>What there is.</summary>
    /// <exception cref="HttpRequestException">The last sample could not be had.</exception>
    public OrderTrend Read()
    {
        lock (_lock)
            return _problem is null ? new OrderTrend([.. _samples]) : throw new HttpRequestException(_problem);
    }
}

/// <summary>Asks the order service every few seconds, whether somebody looks or not.</summary>
internal sealed class OrderSampler(OrderCountsClient orders, OrderHistory history, TimeProvider time) : BackgroundService
{
    /// <summary>Time between two samples.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                await SampleAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task SampleAsync(CancellationToken cancellationToken)
    {
        try
        {
            history.Add(new CountsAt(time.GetUtcNow(), await orders.ReadAsync(OrderFilter.All, cancellationToken)));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is HttpRequestException or OperationCanceledException or InvalidOperationException or IOException or System.Text.Json.JsonException)
        {
            // The page says so, to whoever looks.
            history.Fail(exception is OperationCanceledException ? "No answer in time." : exception.GetBaseException().Message);
        }
    }
}
