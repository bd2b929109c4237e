using System.Globalization;

namespace OrderSample.Failures.Reporting;

/// <summary>What happened when, from a fault's beginning on.</summary>
internal sealed class Timeline
{
    /// <summary>What services say when it concerns connections and deliveries. Of each kind the first line of a process is noted.</summary>
    private static readonly (string Text, string Means)[] Told =
    [
        ("Delivery pauses", "says that its delivery pauses"), ("Delivery goes on", "says that its delivery goes on"),
        ("Stored messages are delivered to", "has a new connection for its outbox"), ("Connection Failed", "can't connect its bus"),
        ("Connect failed", "can't connect its bus"), ("had given up, and is started again", "starts an endpoint again"),
        ("outbox could not be swept", "can't sweep its outbox"), ("outbox rows could not be settled", "can't settle outbox rows"),
    ];

    private readonly Lock _lock = new();
    private readonly List<(DateTimeOffset At, string What)> _notes = [];
    private readonly HashSet<(string, string)> _told = [];

    /// <summary>When the fault began, UTC.</summary>
    public DateTimeOffset Begin { get; private set; }

    /// <summary>When nothing was broken any more, UTC.</summary>
    public DateTimeOffset End { get; private set; }

    /// <summary>The fault begins.</summary>
    public void Begins(string what)
    {
        Begin = DateTimeOffset.UtcNow;
        Note(what);
    }

    /// <summary>Nothing is broken any more.</summary>
    public void Ends(string what)
    {
        Note(what);
        End = DateTimeOffset.UtcNow;
    }

    /// <summary>Something happened.</summary>
    public void Note(string what) => Note(DateTimeOffset.UtcNow, what);

    /// <summary>Something happened at another time than now.</summary>
    public void Note(DateTimeOffset at, string what)
    {
        lock (_lock)
            _notes.Add((at, what));
    }

    /// <summary>A process logged a line.</summary>
    public void Hear(string process, string line)
    {
        if (Begin == default || Told.FirstOrDefault(x => line.Contains(x.Text, StringComparison.Ordinal)) is not { Means: { } means })
            return;
        lock (_lock)
        {
            if (_told.Add((process, means)))
                _notes.Add((DateTimeOffset.UtcNow, $"{process} {means}"));
        }
    }

    /// <summary>Each with its seconds since the beginning.</summary>
    public IReadOnlyList<string> Lines()
    {
        lock (_lock)
            return [.. _notes.OrderBy(x => x.At).Select(x => string.Create(CultureInfo.InvariantCulture, $"{(x.At - Begin).TotalSeconds,6:0.0} s  {x.What}"))];
    }
}
