namespace OrderSample.Nemesis.Faults;

/// <summary>All kinds of fault, in the sequence in which schedules are drawn from them: a new one goes to the end, or the same seed gives another schedule.</summary>
internal static class FaultKinds
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        Kill.Kind, Freeze.Kind, Stop.Kind, MemoryAlarm.Kind, DiskAlarm.Kind, CutConnections.Kind, TerminateBackends.Kind, LockTable.Kind,
        DeleteQueue.Kind, DeleteExchange.Kind, DeleteBinding.Kind, FullQueue.Kind, ReadOnlyDatabase.Kind, DatabasePassword.Kind, BrokerPassword.Kind,
        ChaosFailures.Kind, ChaosDelay.Kind, ChaosCrash.Kind, ConsumerTimeout.Kind, DoubleMessages.Kind,
    ];

    /// <summary>The kinds of these names.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IReadOnlyList<FaultKind> Named(IEnumerable<string> names)
    {
        string[] wanted = [.. names];
        return wanted.FirstOrDefault(name => All.All(kind => kind.Name != name)) is { } unknown
            ? throw new ArgumentException($"There is no fault '{unknown}'. There are {string.Join(", ", All.Select(x => x.Name))}.")
            : [.. All.Where(kind => wanted.Contains(kind.Name))];
    }
}
