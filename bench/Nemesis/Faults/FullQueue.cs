using OrderSample.Bench.Running;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class FullQueue(Victim victim, string queue) : Fault
{
    private string Policy => $"policies/%2F/nemesis-{queue}";

    /// <summary>A queue refuses what is published to it.</summary>
    public static FaultKind Kind { get; } = new("queue-full", "a policy lets a queue hold nothing: it refuses what is published to it",
        _ => SystemShape.Queues, (victim, target) => new FullQueue(victim, target))
    { Uses = _ => [SystemUnderTest.Broker], Seconds = (5, 30) };

    public override Task Begin(CancellationToken cancellationToken) => victim.Ask(HttpMethod.Put, Policy,
        new Dictionary<string, object> { ["pattern"] = $"^{queue}$", ["definition"] = new Dictionary<string, int> { ["max-length"] = 0 }, ["apply-to"] = "queues" }, cancellationToken);

    public override Task Heal(CancellationToken cancellationToken) => victim.Ask(HttpMethod.Delete, Policy, null, cancellationToken);
}
