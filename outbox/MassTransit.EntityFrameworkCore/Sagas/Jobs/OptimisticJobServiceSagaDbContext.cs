using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>The three sagas behind job consumers, with row versions for optimistic concurrency.</summary>
/// <param name="options">Options, the connection among them.</param>
public class OptimisticJobServiceSagaDbContext(DbContextOptions<OptimisticJobServiceSagaDbContext> options) : SagaDbContext(options)
{
    /// <inheritdoc/>
    protected override IEnumerable<ISagaClassMap> Configurations =>
        [new JobTypeSagaMap(optimistic: true), new JobSagaMap(optimistic: true), new JobAttemptSagaMap(optimistic: true)];
}
