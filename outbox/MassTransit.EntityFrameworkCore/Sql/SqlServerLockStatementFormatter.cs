using System.Text;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>SQL Server: UPDLOCK keeps others from the row until the end of the transaction, readers without a lock hint excepted.</summary>
/// <param name="serializable">True to lock also the place where a missing row would be, so that nobody inserts it meanwhile.</param>
public class SqlServerLockStatementFormatter(bool serializable) : ILockStatementFormatter
{
    /// <inheritdoc/>
    public void Create(StringBuilder sb, string? schema, string table)
    {
        ArgumentNullException.ThrowIfNull(sb);
        sb.Append("SELECT * FROM ").Append(TableName(schema, table))
            .Append(serializable ? " WITH (UPDLOCK, ROWLOCK, SERIALIZABLE) WHERE " : " WITH (UPDLOCK, ROWLOCK) WHERE ");
    }

    /// <inheritdoc/>
    public void AppendColumn(StringBuilder sb, int index, string columnName)
    {
        ArgumentNullException.ThrowIfNull(sb);
        if (index > 0)
            sb.Append(" AND ");
        sb.Append('[').Append(columnName).Append("] = {").Append(index).Append('}');
    }

    /// <inheritdoc/>
    public void Complete(StringBuilder sb)
    {
        // The hint stands behind the table's name; nothing follows the condition.
    }

    /// <inheritdoc/>
    public void CreateOutboxStatement(StringBuilder sb, string? schema, string table, string columnName)
    {
        ArgumentNullException.ThrowIfNull(sb);
        sb.Append("SELECT TOP 1 * FROM ").Append(TableName(schema, table))
            .Append(" WITH (UPDLOCK, ROWLOCK, READPAST) ORDER BY [").Append(columnName).Append(']');
    }

    private static string TableName(string? schema, string table) =>
        string.IsNullOrEmpty(schema) ? $"[{table}]" : $"[{schema}].[{table}]";
}
