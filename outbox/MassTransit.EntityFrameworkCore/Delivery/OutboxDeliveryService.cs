using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Sends stored messages to the broker, many at a time, and settles their rows: confirmed ones are deleted in batches,
/// the others deferred. No lock or transaction is held while the broker is waited for.
/// </summary>
/// <remarks>
/// A crash after the confirm and before the delete sends the message again, under the same message id; the receiver's
/// inbox drops it. A crash before the confirm leaves the row, which a sweeper takes when its lease has ended.
/// <para>
/// Only what is wrong with a message itself counts as an attempt, and parks it in the end. An outage counts for no message: delivery
/// goes on with one at a time until the broker answers. A destination that takes nothing for now rests, and the others go on.
/// </para>
/// </remarks>
internal sealed class OutboxDeliveryService<TDbContext>(
    OutboxDelivery<TDbContext> delivery,
    OutboxTable<TDbContext> table,
    EntityFrameworkOutboxOptions<TDbContext> options,
    IServiceScopeFactory scopes,
    IMessagePublisher publisher,
    OutboxDeliveryState state,
    TimeProvider time,
    ILogger<OutboxDeliveryService<TDbContext>> logger) : BackgroundService
    where TDbContext : DbContext
{
    private const int SettleLimit = 1_000;
    private const int MaxUnsettled = 2 * SettleLimit;

    /// <summary>
    /// Confirmed messages wait so long for others whose rows are deleted with theirs. Nobody waits for it, and a commit for
    /// each message would be a third of all commits when little is to be done.
    /// </summary>
    private static readonly TimeSpan SettleDelay = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan SettleRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _inFlight = new(options.MessageDeliveryLimit);

    // Were in flight when the broker closed the channel because of one of them. At most as many as are in flight at a time.
    private readonly ConcurrentDictionary<Guid, byte> _suspects = new();

    // Bounded: while the database can't settle rows, nothing more is sent that would have to be sent again.
    private readonly Channel<DeliveryOutcome> _outcomes =
        Channel.CreateBounded<DeliveryOutcome>(new BoundedChannelOptions(MaxUnsettled) { SingleReader = true });

    public override void Dispose()
    {
        _inFlight.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var drained = new CancellationTokenSource();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var settling = SettleOrEnd(ended, stoppingToken, drained.Token);
        try
        {
            await foreach (var message in delivery.Ready.ReadAllAsync(ended.Token))
            {
                await publisher.Connected(ended.Token);
                if (state.IsProbing || _suspects.ContainsKey(message.MessageId))
                {
                    await DeliverAlone(message, ended.Token);
                    continue;
                }

                await _inFlight.WaitAsync(ended.Token);
                _ = DeliverAndRelease(message);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            logger.LogDebug("Outbox delivery stops; {Count} messages stay stored for the next start", delivery.Ready.Count);
        }
        finally
        {
            // What was sent is settled, so that the next start does not send it twice.
            drained.CancelAfter(DrainTime);
            for (var i = 0; i < options.MessageDeliveryLimit; i++)
                await _inFlight.WaitAsync(CancellationToken.None);
            _outcomes.Writer.TryComplete();
            await settling;
        }
    }

    private async Task DeliverAndRelease(OutboxMessage message)
    {
        try
        {
            await Deliver(message, isAlone: false);
        }
        finally
        {
            _inFlight.Release();
        }
    }

    /// <summary>Waits until nothing else is in flight: what happens then is this message's doing, or the broker's.</summary>
    private async Task DeliverAlone(OutboxMessage message, CancellationToken cancellationToken)
    {
        var held = 0;
        try
        {
            for (; held < options.MessageDeliveryLimit; held++)
                await _inFlight.WaitAsync(cancellationToken);
            if (state.IsProbing && state.UntilProbe is { Ticks: > 0 } rest)
                await Task.Delay(rest, time, cancellationToken);
            await publisher.Connected(cancellationToken);
            await Deliver(message, isAlone: true);
        }
        finally
        {
            if (held > 0)
                _inFlight.Release(held);
        }
    }

    /// <summary>Sends one message; ends with its outcome, never with an exception.</summary>
    private async Task Deliver(OutboxMessage message, bool isAlone)
    {
        if (IsLate(message))
            return;
        try
        {
            await _outcomes.Writer.WriteAsync(await Send(message, isAlone));
        }
        catch (ChannelClosedException)
        {
            logger.LogDebug("The row of message {MessageId} could not be settled before the end", message.MessageId);
        }
    }

    /// <summary>A row whose lease has ended while it waited here may be another process's by now.</summary>
    private bool IsLate(OutboxMessage message) => message.EnqueueTime - time.GetUtcNow().UtcDateTime < options.MessageDeliveryTimeout;

    private async Task<DeliveryOutcome> Send(OutboxMessage message, bool isAlone)
    {
        var destination = message.DestinationAddress;
        if (destination is not null && state.RestOf(destination) is { } rest)
            return DeliveryOutcome.Of(message, message.Attempts, rest.Reason, rest.Until.UtcDateTime);

        var (status, reason) = await publisher.Publish(message, options.MessageDeliveryTimeout, message.Attempts + 1 >= options.MaxDeliveryAttempts);
        var soon = time.GetUtcNow().UtcDateTime + options.FirstRetryDelay;
        if (status == DeliveryStatus.Outage)
        {
            state.Unconfirmed(reason!);
            return DeliveryOutcome.Of(message, message.Attempts, reason, soon);
        }

        if (status == DeliveryStatus.ChannelClosed && !isAlone)
        {
            _suspects.TryAdd(message.MessageId, 0);
            return DeliveryOutcome.Of(message, message.Attempts, reason, soon);
        }

        state.Answered();
        _suspects.TryRemove(message.MessageId, out _);
        switch (status)
        {
            case DeliveryStatus.Confirmed:
                state.Took(destination!);
                return DeliveryOutcome.Of(message, message.Attempts, error: null, next: null);
            case DeliveryStatus.DestinationBusy:
                return DeliveryOutcome.Of(message, message.Attempts, reason, state.Busy(destination!, reason!).UtcDateTime);
            default:
                var attempts = message.Attempts + 1;
                return DeliveryOutcome.Of(message, attempts, reason, options.NextDelivery(time.GetUtcNow().UtcDateTime, attempts));
        }
    }

    /// <summary>Ends all delivery when it fails: what is sent and never settled would be sent again and again.</summary>
    private async Task SettleOrEnd(CancellationTokenSource delivering, CancellationToken stopping, CancellationToken drained)
    {
        try
        {
            await SettleAll(stopping, drained);
        }
        catch
        {
            _outcomes.Writer.TryComplete();
            await delivering.CancelAsync();
            throw;
        }
    }

    private async Task SettleAll(CancellationToken stopping, CancellationToken drained)
    {
        var batch = new List<DeliveryOutcome>(SettleLimit);
        while (await _outcomes.Reader.WaitToReadAsync(CancellationToken.None))
        {
            if (_outcomes.Reader.Count < SettleLimit)
                await Task.Delay(SettleDelay, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            batch.Clear();
            while (batch.Count < SettleLimit && _outcomes.Reader.TryRead(out var outcome))
                batch.Add(outcome);

            while (!await TrySettle(batch))
            {
                if (drained.IsCancellationRequested)
                {
                    // Lets go of whoever still waits for room; the rows are sent again after the next start.
                    _outcomes.Writer.TryComplete();
                    return;
                }

                await Task.Delay(SettleRetryDelay, time, drained).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> TrySettle(List<DeliveryOutcome> batch)
    {
        try
        {
            using var timeout = new CancellationTokenSource(options.QueryTimeout, time);
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<TDbContext>();

            // Sorted, so that two replicas that settle at once lock rows in the same order.
            var confirmed = batch.Where(x => x.Error is null).Select(x => x.SequenceNumber).Order().ToArray();
            if (confirmed.Length > 0)
                await table.Delete(context, confirmed, timeout.Token);

            var failed = batch.Where(x => x.Error is not null).OrderBy(x => x.SequenceNumber).ToList();
            if (failed.Count > 0)
                await Defer(context, failed, timeout.Token);

            return true;
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "{Count} outbox rows could not be settled; trying again", batch.Count);
            return false;
        }
    }

    private async Task Defer(TDbContext context, List<DeliveryOutcome> failed, CancellationToken cancellationToken)
    {
        await table.Defer(context, failed, cancellationToken);

        logger.LogDebug("{Count} messages could not be delivered; the first, {MessageId} to {Destination}: {Error}",
            failed.Count, failed[0].MessageId, failed[0].Destination, failed[0].Error);
        foreach (var outcome in failed.Where(x => x.Next is null))
        {
            logger.LogError("Message {MessageId} to {Destination} is parked after {Attempts} failed deliveries: {Error}",
                outcome.MessageId, outcome.Destination, outcome.Attempts, outcome.Error);
        }
    }
}
