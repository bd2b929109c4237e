using System.Text;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>PostgreSQL: FOR UPDATE. xmin is read too, because a model may map it as its row version.</summary>
public class PostgresLockStatementFormatter : ILockStatementFormatter
{
    /// <inheritdoc/>
    public void Create(StringBuilder sb, string? schema, string table) =>
        sb.Append("SELECT *, xmin FROM ").Append(TableName(schema, table)).Append(" WHERE ");

    /// <inheritdoc/>
    public void AppendColumn(StringBuilder sb, int index, string columnName)
    {
        if (index > 0)
            sb.Append(" AND ");
        sb.Append('"').Append(columnName).Append("\" = {").Append(index).Append('}');
    }

    /// <inheritdoc/>
    public void Complete(StringBuilder sb) => sb.Append(" FOR UPDATE");

    /// <inheritdoc/>
    public void CreateOutboxStatement(StringBuilder sb, string? schema, string table, string columnName) =>
        sb.Append("SELECT *, xmin FROM ").Append(TableName(schema, table))
            .Append(" ORDER BY \"").Append(columnName).Append("\" LIMIT 1 FOR UPDATE SKIP LOCKED");

    private static string TableName(string? schema, string table) =>
        string.IsNullOrEmpty(schema) ? $"\"{table}\"" : $"\"{schema}\".\"{table}\"";
}
