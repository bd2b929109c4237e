using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Creates the DbContext that a saga repository works with.</summary>
/// <typeparam name="TSaga">The saga.</typeparam>
public interface ISagaDbContextFactory<out TSaga>
    where TSaga : class, ISaga
{
    /// <summary>A DbContext for work outside of a consumer.</summary>
    DbContext Create();

    /// <summary>The DbContext for the message that is being consumed.</summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="context">Carries the scope.</param>
    DbContext CreateScoped<T>(ConsumeContext<T> context)
        where T : class;

    /// <summary>Gives back what one of the other two returned.</summary>
    /// <param name="dbContext">The DbContext.</param>
    ValueTask ReleaseAsync(DbContext dbContext);
}

/// <summary>Takes the scope's DbContext, the one that the endpoint's outbox uses; the scope disposes it.</summary>
internal sealed class ScopedSagaDbContextFactory<TContext, TSaga>(IServiceProvider provider) : ISagaDbContextFactory<TSaga>
    where TContext : DbContext
    where TSaga : class, ISaga
{
    public DbContext Create() => provider.GetRequiredService<TContext>();

    public DbContext CreateScoped<T>(ConsumeContext<T> context)
        where T : class =>
        (context.TryGetPayload<IServiceProvider>(out var scope) ? scope : provider).GetRequiredService<TContext>();

    public ValueTask ReleaseAsync(DbContext dbContext) => ValueTask.CompletedTask;
}

internal sealed class DelegateSagaDbContextFactory<TSaga>(Func<DbContext> create) : ISagaDbContextFactory<TSaga>
    where TSaga : class, ISaga
{
    public DbContext Create() => create();

    public DbContext CreateScoped<T>(ConsumeContext<T> context)
        where T : class =>
        create();

    public ValueTask ReleaseAsync(DbContext dbContext) => dbContext.DisposeAsync();
}
