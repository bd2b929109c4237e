using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
/// <remarks>Not every second: what is unacknowledged counts as delivered at each cut, and the twentieth delivery is the last.</remarks>
internal sealed class CutConnections(Victim victim, string service) : RepeatedFault(TimeSpan.FromSeconds(4))
{
    /// <summary>The broker closes a service's connections, every four seconds.</summary>
    public static FaultKind Kind { get; } = new("connections-cut", "the broker closes all connections of a service, every four seconds",
        _ => SystemShape.Services, (victim, target) => new CutConnections(victim, target))
    { Uses = target => [target, OrderSample.Bench.Running.SystemUnderTest.Broker], Seconds = (1, 20) };

    protected override Task Once(CancellationToken cancellationToken) => victim.CutConnections(service, cancellationToken);
}
