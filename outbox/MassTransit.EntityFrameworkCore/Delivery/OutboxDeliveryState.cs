using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Why nothing is delivered, or nothing to one destination.</summary>
/// <param name="Reason">Why, for a person.</param>
/// <param name="Since">When it began, UTC.</param>
public sealed record DeliveryPause(string Reason, DateTimeOffset Since);

/// <summary>
/// What stands between the outbox and the broker right now. An outage pauses all delivery, and a destination that takes nothing for
/// now is tried at intervals; no message is blamed for either. Not in the official package.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when an outage begins, every few minutes, and when it ends.</param>
public sealed class OutboxDeliveryState(TimeProvider time, ILogger<OutboxDeliveryState> logger)
{
    private const int MaxDestinations = 1_000;

    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Uri, Rest> _destinations = new();
    private DeliveryPause? _unreachable;
    private DeliveryPause? _unconfirmed;
    private TimeSpan _probeRest = FirstRest;
    private DateTimeOffset _probeAt;
    private DateTimeOffset _remindedAt;
    private volatile bool _anyRests;

    /// <summary>Why nothing is delivered, and since when; null while delivery goes on.</summary>
    public DeliveryPause? Paused
    {
        get
        {
            lock (_lock)
                return _unreachable ?? _unconfirmed;
        }
    }

    /// <summary>Destinations that take nothing for now.</summary>
    public IReadOnlyDictionary<Uri, DeliveryPause> Refusing
    {
        get
        {
            // One that nothing was sent to since it could be tried again has no more messages waiting.
            var known = time.GetUtcNow() - Forgotten;
            return _destinations.Where(x => x.Value.Until > known).ToDictionary(x => x.Key, x => x.Value.Pause);
        }
    }

    /// <summary>Whether messages are sent one by one, to see whether the broker takes them again.</summary>
    /// <remarks>Asked for each message, so without the lock.</remarks>
    internal bool IsProbing => Volatile.Read(ref _unconfirmed) is not null;

    /// <summary>How long to wait before the next probe; not more than zero when it may be sent.</summary>
    internal TimeSpan UntilProbe
    {
        get
        {
            lock (_lock)
                return _probeAt - time.GetUtcNow();
        }
    }

    /// <summary>The broker can't be reached, or takes nothing and says so.</summary>
    internal void Unreachable(string reason) => Change(() => _unreachable = _unreachable is { } known ? known with { Reason = reason } : new(reason, time.GetUtcNow()));

    /// <summary>It can be reached again; whether it confirms is for the next message to see.</summary>
    internal void Reachable() => Change(() => _unreachable = null);

    /// <summary>A message was sent, and nobody answered. The next one waits, longer each time.</summary>
    internal void Unconfirmed(string reason) => Change(() =>
    {
        var now = time.GetUtcNow();
        _unconfirmed ??= new(reason, now);
        // Those that were in flight together are one failure.
        if (now >= _probeAt)
            (_probeAt, _probeRest) = (now + _probeRest, Longer(_probeRest));
    });

    /// <summary>The broker has answered, whatever it said.</summary>
    internal void Answered()
    {
        if (IsProbing)
            Change(() => (_unconfirmed, _probeAt, _probeRest) = (null, default, FirstRest));
    }

    /// <summary>Until when nothing is sent to a destination; null when it may be tried.</summary>
    internal (DateTimeOffset Until, string Reason)? RestOf(Uri destination) =>
        _anyRests && _destinations.TryGetValue(destination, out var rest) && rest.Until > time.GetUtcNow() ? (rest.Until, rest.Pause.Reason) : null;

    /// <summary>A destination took nothing.</summary>
    /// <returns>When to try it again.</returns>
    internal DateTimeOffset Busy(Uri destination, string reason)
    {
        var now = time.GetUtcNow();
        if (_destinations.Count >= MaxDestinations)
            _destinations.Clear();
        _anyRests = true;
        return _destinations.AddOrUpdate(destination,
            _ => new Rest(new DeliveryPause(reason, now), FirstRest, now + FirstRest),
            // Those that were in flight with the first one say nothing new.
            (_, known) => known.Until > now ? known : new Rest(known.Pause with { Reason = reason }, Longer(known.Length), now + Longer(known.Length))).Until;
    }

    /// <summary>A destination took a message.</summary>
    internal void Took(Uri destination)
    {
        if (!_anyRests)
            return;
        _destinations.TryRemove(destination, out _);
        _anyRests = !_destinations.IsEmpty;
    }

    private static TimeSpan Longer(TimeSpan rest) => rest * 2 < LongestRest ? rest * 2 : LongestRest;

    private void Change(Action change)
    {
        lock (_lock)
        {
            var before = _unreachable ?? _unconfirmed;
            change();
            var now = time.GetUtcNow();
            var after = _unreachable ?? _unconfirmed;
            if (before is null && after is not null)
                logger.LogWarning("Delivery pauses: {Reason}", after.Reason);
            else if (before is not null && after is null)
                logger.LogInformation("Delivery goes on after {Elapsed:0} s", (now - before.Since).TotalSeconds);
            else if (after is not null && now - _remindedAt >= Reminder)
                logger.LogWarning("Delivery has paused for {Elapsed:0} s: {Reason}", (now - after.Since).TotalSeconds, after.Reason);
            else
                return;
            _remindedAt = now;
        }
    }

    private sealed record Rest(DeliveryPause Pause, TimeSpan Length, DateTimeOffset Until);
}
