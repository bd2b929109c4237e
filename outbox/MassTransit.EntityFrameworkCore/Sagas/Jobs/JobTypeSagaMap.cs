using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Maps the saga that shares out the slots of one type of job.</summary>
/// <param name="optimistic">True to keep a row version, for optimistic concurrency.</param>
public class JobTypeSagaMap(bool optimistic) : SagaClassMap<JobTypeSaga>
{
    /// <inheritdoc/>
    protected override void Configure(EntityTypeBuilder<JobTypeSaga> entity, ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(entity);
        entity.Ignore(x => x.Version);
        if (optimistic)
            entity.Property(x => x.RowVersion).IsRowVersion();
        else
            entity.Ignore(x => x.RowVersion);

        entity.Property(x => x.ActiveJobs).HasJsonConversion();
        entity.Property(x => x.Instances).HasJsonConversion();
        entity.Property(x => x.Properties).HasJsonConversion();
    }
}
