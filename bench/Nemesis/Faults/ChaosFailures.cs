using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class ChaosFailures(Victim victim, string service) : Fault
{
    /// <summary>Every second attempt to consume fails.</summary>
    public static FaultKind Kind { get; } = new("chaos-failures", "every second attempt of a service to consume a message fails",
        _ => SystemShape.Consumers, (victim, target) => new ChaosFailures(victim, target))
    { Family = "chaos", Seconds = (5, 30) };

    public override Task Begin(CancellationToken cancellationToken) => victim.SetChaos(service, new { failureRate = 0.5 }, cancellationToken);

    public override Task Heal(CancellationToken cancellationToken) => victim.SetChaos(service, Victim.NoChaos, cancellationToken);
}
