using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class ChaosDelay(Victim victim, string service) : Fault
{
    /// <summary>A service takes three seconds for each message.</summary>
    public static FaultKind Kind { get; } = new("chaos-delay", "a service takes three seconds longer for each message",
        _ => SystemShape.Consumers, (victim, target) => new ChaosDelay(victim, target))
    { Family = "chaos", Seconds = (5, 30) };

    public override Task Begin(CancellationToken cancellationToken) => victim.SetChaos(service, new { delayMs = 3_000 }, cancellationToken);

    public override Task Heal(CancellationToken cancellationToken) => victim.SetChaos(service, Victim.NoChaos, cancellationToken);
}
