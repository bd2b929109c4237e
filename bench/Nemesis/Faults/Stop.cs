using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class Stop(Victim victim, string process) : Fault
{
    /// <summary>A process is stopped in good order, and started again afterwards.</summary>
    public static FaultKind Kind { get; } = new("stop", "a service, a node or the database server is stopped in good order, and started again afterwards",
        shape => shape.Processes, (victim, target) => new Stop(victim, target))
    { TakesDown = true, Seconds = (3, 25) };

    public override Task Begin(CancellationToken cancellationToken) => victim.System.Stop(process, cancellationToken);

    public override async Task Heal(CancellationToken cancellationToken)
    {
        if (!victim.Runs(process))
            await victim.System.Launch(process, cancellationToken);
    }
}
