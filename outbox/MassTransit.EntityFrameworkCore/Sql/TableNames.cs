using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>The names that a DbContext's model gives an entity's table and columns, delimited as its database wants them.</summary>
internal sealed class TableNames<T>
{
    private readonly ISqlGenerationHelper _sql;
    private readonly IEntityType _entity;
    private readonly StoreObjectIdentifier _table;

    /// <exception cref="InvalidOperationException">The model lacks the entity.</exception>
    public TableNames(DbContext context)
    {
        _sql = context.GetService<ISqlGenerationHelper>();
        _entity = context.Model.FindEntityType(typeof(T))
            ?? throw new InvalidOperationException(
                $"{context.GetType().Name} lacks {typeof(T).Name}: call AddTransactionalOutboxEntities in OnModelCreating.");
        _table = StoreObjectIdentifier.Create(_entity, StoreObjectType.Table)!.Value;
    }

    public string this[string property] => _sql.DelimitIdentifier(_entity.FindProperty(property)!.GetColumnName(_table)!);

    public override string ToString() => _sql.DelimitIdentifier(_table.Name, _table.Schema);
}
