using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Maps the saga behind a future.</summary>
/// <param name="optimistic">True to keep a row version, for optimistic concurrency.</param>
public class FutureStateMap(bool optimistic) : SagaClassMap<FutureState>
{
    /// <inheritdoc/>
    protected override void Configure(EntityTypeBuilder<FutureState> entity, ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(entity);
        if (optimistic)
            entity.Property(x => x.RowVersion).IsRowVersion();
        else
            entity.Ignore(x => x.RowVersion);

        entity.Property(x => x.Command).HasJsonConversion();
        entity.Property(x => x.Pending).HasJsonConversion();
        entity.Property(x => x.Subscriptions).HasJsonConversion();
        entity.Property(x => x.Variables).HasJsonConversion();
        entity.Property(x => x.Results).HasJsonConversion();
        entity.Property(x => x.Faults).HasJsonConversion();
    }
}
