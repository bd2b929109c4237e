namespace OrderSample.Nemesis.Faults;

/// <summary>Something that is broken for a while.</summary>
internal abstract class Fault
{
    /// <summary>Breaks it.</summary>
    public abstract Task Begin(CancellationToken cancellationToken);

    /// <summary>Restores it: also what a failed <see cref="Begin"/> has left, and once more after it failed itself.</summary>
    public abstract Task Heal(CancellationToken cancellationToken);
}

/// <summary>What can break, and where.</summary>
/// <param name="Name">What the command line and the history call it.</param>
/// <param name="Says">What it does, in one line.</param>
/// <param name="Targets">Where it can happen.</param>
/// <param name="Make">One of it, at a target.</param>
internal sealed record FaultKind(string Name, string Says, Func<Running.SystemShape, IEnumerable<string>> Targets, Func<Running.Victim, string, Fault> Make)
{
    /// <summary>Shortest and longest time that it lasts, in seconds.</summary>
    public (double Least, double Most) Seconds { get; init; } = (3, 20);

    /// <summary>The processes that it needs or ends, by target.</summary>
    public Func<string, string[]> Uses { get; init; } = target => [target];

    /// <summary>Whether these end, or do nothing any more: nothing else can be broken there meanwhile.</summary>
    public bool TakesDown { get; init; }

    /// <summary>Kinds of a family are not at one target at the same time.</summary>
    public string Family { get; init; } = Name;

    /// <summary>Whether stored messages are gone for good, so that only reconciliation can notice.</summary>
    public bool DeletesMessages { get; init; }

    /// <summary>Whether events may be published meanwhile that no queue takes, and that a person is to replay.</summary>
    public bool Unroutes { get; init; }
}
