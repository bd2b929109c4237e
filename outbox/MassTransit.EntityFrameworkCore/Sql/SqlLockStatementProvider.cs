using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Writes locking statements for the tables and columns of a DbContext's model.</summary>
/// <param name="defaultSchema">The schema of tables for which the model names none; null: the connection's default.</param>
/// <param name="formatter">What such a statement looks like on the database in use.</param>
/// <param name="enableSchemaCaching">False when several DbContexts map one type to different tables.</param>
public class SqlLockStatementProvider(string? defaultSchema, ILockStatementFormatter formatter, bool enableSchemaCaching = true)
    : ILockStatementProvider
{
    private readonly ConcurrentDictionary<(Type Type, string Columns), string> _statements = new();

    /// <summary>Uses the connection's default schema where the model names none.</summary>
    /// <param name="formatter">What such a statement looks like on the database in use.</param>
    /// <param name="enableSchemaCaching">False when several DbContexts map one type to different tables.</param>
    public SqlLockStatementProvider(ILockStatementFormatter formatter, bool enableSchemaCaching = true)
        : this(null, formatter, enableSchemaCaching)
    {
    }

    /// <inheritdoc/>
    public virtual string GetRowLockStatement<T>(DbContext context)
        where T : class =>
        GetRowLockStatement<T>(context, nameof(ISaga.CorrelationId));

    /// <inheritdoc/>
    public virtual string GetRowLockStatement<T>(DbContext context, params string[] propertyNames)
        where T : class =>
        enableSchemaCaching
            ? _statements.GetOrAdd((typeof(T), string.Join(',', propertyNames)), _ => Format<T>(context, propertyNames))
            : Format<T>(context, propertyNames);

    /// <inheritdoc/>
    public virtual string GetOutboxStatement(DbContext context)
    {
        var (entity, table) = Table<OutboxState>(context);
        var statement = new StringBuilder();
        formatter.CreateOutboxStatement(statement, table.Schema ?? defaultSchema, table.Name, Column(entity, table, nameof(OutboxState.Created)));
        return statement.ToString();
    }

    private string Format<T>(DbContext context, string[] propertyNames)
    {
        var (entity, table) = Table<T>(context);
        var statement = new StringBuilder();
        formatter.Create(statement, table.Schema ?? defaultSchema, table.Name);
        for (var i = 0; i < propertyNames.Length; i++)
            formatter.AppendColumn(statement, i, Column(entity, table, propertyNames[i]));
        formatter.Complete(statement);
        return statement.ToString();
    }

    private static (IEntityType Entity, StoreObjectIdentifier Table) Table<T>(DbContext context)
    {
        var entity = context.Model.FindEntityType(typeof(T))
            ?? throw new InvalidOperationException($"{context.GetType().Name} has no entity {typeof(T).Name}: add it in OnModelCreating.");
        var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)
            ?? throw new InvalidOperationException($"{typeof(T).Name} is not mapped to a table in {context.GetType().Name}.");
        return (entity, table);
    }

    private static string Column(IEntityType entity, StoreObjectIdentifier table, string propertyName) =>
        entity.FindProperty(propertyName)?.GetColumnName(table)
        ?? throw new InvalidOperationException($"{entity.DisplayName()} has no mapped property {propertyName}.");
}
