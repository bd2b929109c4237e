using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Maps the saga of one job of a job consumer.</summary>
/// <param name="optimistic">True to keep a row version, for optimistic concurrency.</param>
public class JobSagaMap(bool optimistic) : SagaClassMap<JobSaga>
{
    /// <inheritdoc/>
    protected override void Configure(EntityTypeBuilder<JobSaga> entity, ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(entity);
        entity.Ignore(x => x.Version);
        if (optimistic)
            entity.Property(x => x.RowVersion).IsRowVersion();
        else
            entity.Ignore(x => x.RowVersion);

        entity.Property(x => x.Job).HasJsonConversion();
        entity.Property(x => x.IncompleteAttempts).HasJsonConversion();
        entity.Property(x => x.JobState).HasJsonConversion();
        entity.Property(x => x.JobProperties).HasJsonConversion();
    }
}
