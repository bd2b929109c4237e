using Microsoft.Extensions.Options;
using OrderSample.Backoffice.Messaging;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Empties the queues for dead letters into the archive, for as long as there is a broker, and again when there is one.</summary>
internal sealed class DeadLetterCollector(
    BrokerConnections broker, IServiceScopeFactory scopes, DeadLetterArchive archive, CollectorState state,
    IOptions<DeadLetterOptions> options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(2);
    private readonly DeadLetterOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await CollectAsync(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    state.Disconnected(exception);
                }

                await Task.Delay(ReconnectDelay, time, stoppingToken);
            }
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops; what is not acknowledged is still in its queue.
        }
    }

    /// <summary>Collects on one connection, until that is lost.</summary>
    private async Task CollectAsync(CancellationToken stoppingToken)
    {
        await using var session = await CollectingSession.OpenAsync(broker, archive, state, _options.PrefetchCount, time, stoppingToken);
        state.Connected();
        using var timer = new PeriodicTimer(_options.DiscoveryInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(session.Lost, stoppingToken);
        try
        {
            do
            {
                foreach (var queue in await FindQueuesAsync(either.Token))
                    await session.ConsumeAsync(queue, either.Token);
            }
            while (await timer.WaitForNextTickAsync(either.Token));
        }
        catch (OperationCanceledException) when (session.Lost.IsCancellationRequested)
        {
            throw new IOException(session.LostBecause);
        }
    }

    private async Task<IReadOnlyList<string>> FindQueuesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var queues = await scope.ServiceProvider.GetRequiredService<DeadLetterQueues>().FindAsync(cancellationToken);
            state.Discovers();
            return queues;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            state.DiscoversNot(exception);
            return [];
        }
    }
}
