using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>A DbContext whose model is made of saga maps.</summary>
/// <param name="options">Options, the connection among them.</param>
public abstract class SagaDbContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>The sagas it keeps.</summary>
    protected abstract IEnumerable<ISagaClassMap> Configurations { get; }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        foreach (var configuration in Configurations)
            configuration.Configure(modelBuilder);
    }
}
