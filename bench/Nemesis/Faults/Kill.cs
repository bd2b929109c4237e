using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class Kill(Victim victim, string process) : Fault
{
    /// <summary>kill -9 of a process with all that it started; started again afterwards.</summary>
    public static FaultKind Kind { get; } = new("kill", "kill -9 of a service, a node or the database server; started again afterwards",
        shape => shape.Processes, (victim, target) => new Kill(victim, target))
    { TakesDown = true, Seconds = (1, 15) };

    public override Task Begin(CancellationToken cancellationToken) => victim.System.Kill(process, cancellationToken);

    public override async Task Heal(CancellationToken cancellationToken)
    {
        if (!victim.Runs(process))
            await victim.System.Launch(process, cancellationToken);
    }
}
