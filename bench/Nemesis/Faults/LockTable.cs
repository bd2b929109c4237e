using Npgsql;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class LockTable(Victim victim, string target) : Fault
{
    private NpgsqlConnection? _holder;

    /// <summary>A table is locked, as by a person who forgot to commit.</summary>
    public static FaultKind Kind { get; } = new("table-locked", "LOCK TABLE of a table, in a transaction that stays open",
        _ => SystemShape.Tables, (victim, target) => new LockTable(victim, target))
    { Uses = _ => [SystemShape.DatabaseServer], Seconds = (3, 40) };

    public override async Task Begin(CancellationToken cancellationToken)
    {
        var (database, table) = target.Split('/') is [var first, var second] ? (first, second) : throw new ArgumentException($"{target} is no table.");
        _holder = await victim.Open(database, cancellationToken);
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE \"{table}\"", _holder);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public override async Task Heal(CancellationToken cancellationToken)
    {
        if (_holder is { } holder)
            await holder.DisposeAsync();
        _holder = null;
    }
}
