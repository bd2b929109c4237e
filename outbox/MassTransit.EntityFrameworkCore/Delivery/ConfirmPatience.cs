namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// How long a connection may confirm nothing before it is given up for another one, which may lead to another node: shorter than a delivery may take, so that
/// a node that hangs holds up little.
/// </summary>
/// <remarks>
/// It doubles each time it was too short. If it did not, a broker whose disk is slow would never be done: what it confirms late would be sent again on
/// the next connection, and be late there, too. It stays so for as long as confirms are slow, and a minute longer.
/// </remarks>
/// <param name="time">The clock.</param>
internal sealed class ConfirmPatience(TimeProvider time)
{
    /// <summary>A hundred times what a confirm takes; a quorum queue whose leader is lost has elected another one by then.</summary>
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private TimeSpan _patience = First;
    private DateTimeOffset _until;

    /// <summary>How long it is now.</summary>
    /// <param name="limit">How long a delivery may take.</param>
    public TimeSpan Now(TimeSpan limit)
    {
        lock (_lock)
        {
            if (_patience > First && time.GetUtcNow() > _until)
                _patience = First;
            return _patience < limit ? _patience : limit;
        }
    }

    /// <summary>A confirm came.</summary>
    /// <param name="after">How long it took.</param>
    public void Confirmed(TimeSpan after)
    {
        if (after < First)
            return;
        lock (_lock)
            _until = time.GetUtcNow() + Remembered;
    }

    /// <summary>None came, and the connection was given up. Those that waited together are one case.</summary>
    /// <param name="after">How long it was waited for.</param>
    public void GaveUp(TimeSpan after)
    {
        lock (_lock)
        {
            if (_patience < after * 2)
                _patience = after * 2;
            _until = time.GetUtcNow() + Remembered;
        }
    }
}
