namespace OrderSample.ServiceDefaults.Messaging.Backlog;

/// <summary>What was known at moments of the past.</summary>
internal sealed class Moments(TimeSpan memory)
{
    private readonly List<(DateTimeOffset At, DateTimeOffset Known)> _all = [];

    /// <summary>Adds what is known now, and forgets what was known too long ago.</summary>
    public void Add(DateTimeOffset at, DateTimeOffset known)
    {
        _all.Add((at, known));
        // All at once, and not one each second.
        if (_all[0].At < at - 2 * memory)
            _all.RemoveRange(0, _all.FindIndex(moment => moment.At >= at - memory));
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _all.Clear();

    /// <summary>What was known at a moment; null when nothing was.</summary>
    public DateTimeOffset? AsOf(DateTimeOffset moment)
    {
        var index = _all.FindLastIndex(x => x.At <= moment);
        return index < 0 ? null : _all[index].Known;
    }
}
