using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class ReadOnlyDatabase(Victim victim, string database) : Fault
{
    /// <summary>A database can only be read, as on a standby after a failover.</summary>
    public static FaultKind Kind { get; } = new("database-read-only", "a database can only be read (default_transaction_read_only), as on a standby after a failover",
        _ => SystemShape.Databases, (victim, target) => new ReadOnlyDatabase(victim, target))
    { Uses = _ => [SystemShape.DatabaseServer], Seconds = (3, 30) };

    public override async Task Begin(CancellationToken cancellationToken)
    {
        await victim.Sql($"ALTER DATABASE \"{database}\" SET default_transaction_read_only = on", cancellationToken);
        await victim.TerminateBackends(database, cancellationToken);
    }

    public override async Task Heal(CancellationToken cancellationToken)
    {
        await victim.Sql($"ALTER DATABASE \"{database}\" RESET default_transaction_read_only", cancellationToken);
        await victim.TerminateBackends(database, cancellationToken);
    }
}
