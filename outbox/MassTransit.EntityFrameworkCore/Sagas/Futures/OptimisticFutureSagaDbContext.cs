using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>The saga behind futures, with a row version for optimistic concurrency.</summary>
/// <param name="options">Options, the connection among them.</param>
public class OptimisticFutureSagaDbContext(DbContextOptions<OptimisticFutureSagaDbContext> options) : FutureSagaDbContext(options)
{
    /// <inheritdoc/>
    protected override IEnumerable<ISagaClassMap> Configurations => [new FutureStateMap(optimistic: true)];
}
