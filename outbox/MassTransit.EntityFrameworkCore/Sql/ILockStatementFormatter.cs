using System.Text;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>What a locking statement looks like on one database.</summary>
public interface ILockStatementFormatter
{
    /// <summary>Begins the statement.</summary>
    /// <param name="sb">Takes the text.</param>
    /// <param name="schema">The table's schema; null: the connection's default.</param>
    /// <param name="table">The table's name.</param>
    void Create(StringBuilder sb, string? schema, string table);

    /// <summary>Adds a column to compare with parameter <paramref name="index"/>.</summary>
    /// <param name="sb">Takes the text.</param>
    /// <param name="index">Counts from 0.</param>
    /// <param name="columnName">The column's name.</param>
    void AppendColumn(StringBuilder sb, int index, string columnName);

    /// <summary>Ends the statement.</summary>
    /// <param name="sb">Takes the text.</param>
    void Complete(StringBuilder sb);

    /// <summary>Writes the statement that takes the oldest row which nobody else has locked.</summary>
    /// <param name="sb">Takes the text.</param>
    /// <param name="schema">The table's schema; null: the connection's default.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="columnName">The column to order by.</param>
    void CreateOutboxStatement(StringBuilder sb, string? schema, string table, string columnName);
}
