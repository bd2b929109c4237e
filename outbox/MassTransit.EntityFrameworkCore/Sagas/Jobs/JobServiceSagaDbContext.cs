using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>The three sagas behind job consumers, for pessimistic concurrency.</summary>
/// <param name="options">Options, the connection among them.</param>
public class JobServiceSagaDbContext(DbContextOptions<JobServiceSagaDbContext> options) : SagaDbContext(options)
{
    /// <inheritdoc/>
    protected override IEnumerable<ISagaClassMap> Configurations =>
        [new JobTypeSagaMap(optimistic: false), new JobSagaMap(optimistic: false), new JobAttemptSagaMap(optimistic: false)];
}
