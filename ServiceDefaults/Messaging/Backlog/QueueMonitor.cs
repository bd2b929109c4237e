using System.Globalization;
using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Messaging.Redelivery;
using RabbitMQ.Client;

namespace OrderSample.ServiceDefaults.Messaging.Backlog;

/// <summary>Asks the broker every second how long queues and their delay queues are.</summary>
/// <remarks>
/// The broker tells how many messages wait, not how old they are. But whenever a queue is empty, all that came before has been taken.
/// A message that is delayed was taken out some time before, so as long as there is one nothing is said of any.
/// </remarks>
internal sealed class QueueMonitor(
    IReadOnlyList<string> queues, IBusInstance bus, IOutboxMonitor outbox, MessagingOptions options, TimeProvider time, ILogger<QueueMonitor> logger)
    : BackgroundService, IQueueMonitor, IHealthCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BrokerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A measurement that is older says nothing any more.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue> _queues = queues.ToDictionary(name => name, name => new Queue(name, options));
    private readonly Moments _sent = new(IQueueMonitor.Memory);
    private DateTimeOffset _measuredAt = time.GetUtcNow();
    private IChannel? _channel;

    public DateTimeOffset? UnknownSince
    {
        get
        {
            lock (_gate)
                return time.GetUtcNow() - _measuredAt > Known ? _measuredAt : null;
        }
    }

    public int WaitingIn(string queue)
    {
        lock (_gate)
            return (int)_queues[queue].Waiting;
    }

    public DateTimeOffset? TakenAsOf(DateTimeOffset moment, params IReadOnlyCollection<string> queues)
    {
        lock (_gate)
        {
            var taken = queues.Select(queue => _queues[queue].Empty.AsOf(moment)).ToList();
            return taken.Contains(null) ? null : taken.Min();
        }
    }

    public DateTimeOffset? SentAsOf(DateTimeOffset moment)
    {
        lock (_gate)
            return _sent.AsOf(moment);
    }

    public string Describe(params IReadOnlyCollection<string> queues)
    {
        if (UnknownSince is { } since)
            return string.Create(CultureInfo.InvariantCulture, $"The queues could not be measured since {since:u}.");
        lock (_gate)
        {
            var told = queues.Select(queue => _queues[queue].Told).Where(told => told.Length > 0).ToList();
            return told.Count == 0 ? $"There is no backlog in {string.Join(" and ", queues)} any more." : string.Join(' ', told);
        }
    }

    /// <summary>Degraded, not unhealthy: what has to be done is done without anybody knowing how much it is.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(UnknownSince is { } since ? HealthCheckResult.Degraded($"The queues could not be measured since {since:O}.") : HealthCheckResult.Healthy());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await MeasureAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (bus.HostConfiguration is not IRabbitMqHostConfiguration host || bus.BusControl.CheckHealth().Status == BusHealthStatus.Unhealthy)
            return;

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(BrokerTimeout);
        try
        {
            // What has left the outbox by now is in a queue before that is asked for its length.
            var sentUntil = outbox.SentUntil;
            // The client does not end each of its waits when it is told to.
            Note(sentUntil, await AskAsync(host, timeout.Token).WaitAsync(timeout.Token));
        }
        catch (Exception exception)
        {
            _ = CloseAsync(Interlocked.Exchange(ref _channel, null));
            if (!cancellationToken.IsCancellationRequested)
                logger.LogDebug(exception, "The queues could not be measured");
        }
    }

    private async Task<List<(Queue Queue, uint Waiting, uint Delayed)>> AskAsync(IRabbitMqHostConfiguration host, CancellationToken cancellationToken)
    {
        // Kept from one time to the next: to open and close one costs both sides more than to ask.
        if (_channel is not { IsOpen: true })
        {
            await host.ConnectionContextSupervisor.Send(Pipe.ExecuteAsync<ConnectionContext>(async connection =>
                _channel = await connection.Connection.CreateChannelAsync(cancellationToken: cancellationToken)), cancellationToken);
        }

        var channel = _channel!;
        var lengths = new List<(Queue Queue, uint Waiting, uint Delayed)>(_queues.Count);
        foreach (var queue in _queues.Values)
        {
            // First those that may come back, so that none is seen in neither.
            uint delayed = 0;
            foreach (var name in queue.DelayQueues)
                delayed += (await channel.QueueDeclarePassiveAsync(name, cancellationToken)).MessageCount;
            lengths.Add((queue, (await channel.QueueDeclarePassiveAsync(queue.Name, cancellationToken)).MessageCount, delayed));
        }

        return lengths;
    }

    private static async Task CloseAsync(IChannel? channel)
    {
        if (channel is not null)
            await channel.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Note(DateTimeOffset sentUntil, IEnumerable<(Queue Queue, uint Waiting, uint Delayed)> lengths)
    {
        lock (_gate)
        {
            var now = _measuredAt = time.GetUtcNow();
            _sent.Add(now, sentUntil);
            foreach (var (queue, waiting, delayed) in lengths)
            {
                (queue.Waiting, queue.Delayed) = (waiting, delayed);
                if (delayed > 0)
                    queue.Empty.Clear();
                else if (waiting == 0)
                    queue.Empty.Add(now, now);
            }
        }
    }

    private sealed class Queue(string name, MessagingOptions options)
    {
        public string Name => name;

        public IReadOnlyList<string> DelayQueues { get; } = NamesOf(new DelayQueues(name, options.Redelivery.DelaysOrDefault, options.Queues));

        /// <summary>When it was empty, and nothing of it delayed.</summary>
        public Moments Empty { get; } = new(IQueueMonitor.Memory);

        public uint Waiting { get; set; }

        public uint Delayed { get; set; }

        public string Told
        {
            get
            {
                var waiting = Waiting > 0 ? string.Create(CultureInfo.InvariantCulture, $"The queue {name} has {Waiting:N0} messages.") : "";
                return Delayed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{waiting} Of {name}, {Delayed:N0} wait for their redelivery.").TrimStart() : waiting;
            }
        }

        private static string[] NamesOf(DelayQueues delays) => [.. Enumerable.Range(0, delays.Count).Select(delays.Name)];
    }
}
