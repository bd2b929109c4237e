using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Maps the saga of one attempt at a job; it goes with its job.</summary>
/// <param name="optimistic">True to keep a row version, for optimistic concurrency.</param>
public class JobAttemptSagaMap(bool optimistic) : SagaClassMap<JobAttemptSaga>
{
    /// <inheritdoc/>
    protected override void Configure(EntityTypeBuilder<JobAttemptSaga> entity, ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(entity);
        entity.Ignore(x => x.Version);
        if (optimistic)
            entity.Property(x => x.RowVersion).IsRowVersion();
        else
            entity.Ignore(x => x.RowVersion);

        entity.HasOne<JobSaga>().WithMany().HasForeignKey(x => x.JobId).OnDelete(DeleteBehavior.Cascade);
        entity.HasIndex(x => new { x.JobId, x.RetryAttempt }).IsUnique().HasFilter(null);
    }
}
