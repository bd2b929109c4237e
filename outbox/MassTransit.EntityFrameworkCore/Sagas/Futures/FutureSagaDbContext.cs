using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>The saga behind futures, for pessimistic concurrency.</summary>
public class FutureSagaDbContext : SagaDbContext
{
    /// <summary>Opens it by given options.</summary>
    /// <param name="options">Options, the connection among them.</param>
    public FutureSagaDbContext(DbContextOptions<FutureSagaDbContext> options)
        : base(options)
    {
    }

    /// <summary>For a derived type, whose options are its own.</summary>
    /// <param name="options">Options, the connection among them.</param>
    protected FutureSagaDbContext(DbContextOptions options)
        : base(options)
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<ISagaClassMap> Configurations => [new FutureStateMap(optimistic: false)];
}
