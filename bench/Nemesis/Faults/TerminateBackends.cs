using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class TerminateBackends(Victim victim, string database) : RepeatedFault(TimeSpan.FromMilliseconds(500))
{
    /// <summary>All backends of a database are terminated, twice a second.</summary>
    public static FaultKind Kind { get; } = new("backends-terminated", "pg_terminate_backend for all connections to a database, twice a second",
        _ => SystemShape.Databases, (victim, target) => new TerminateBackends(victim, target))
    { Uses = _ => [SystemShape.DatabaseServer], Seconds = (1, 20) };

    protected override Task Once(CancellationToken cancellationToken) => victim.TerminateBackends(database, cancellationToken);
}
