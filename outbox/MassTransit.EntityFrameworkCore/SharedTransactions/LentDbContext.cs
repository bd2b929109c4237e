using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// The DbContext of a shared transaction, lent to the scopes of its messages. It goes back to its pool when the last of them has ended, and not before:
/// each scope disposes of the DbContext it was given, which has no effect on one that is on loan from a pool.
/// </summary>
/// <param name="scope">Where it comes from; ends with it.</param>
internal sealed class LentDbContext<TDbContext>(IServiceScope scope)
    where TDbContext : DbContext
{
    private int _borrowers = 1;

    /// <summary>The DbContext; until <see cref="Return"/> only.</summary>
    public TDbContext Context { get; } = scope.ServiceProvider.GetRequiredService<TDbContext>();

    /// <summary>Another scope uses it, and returns it at its end.</summary>
    public LentDbContext<TDbContext> Lend()
    {
        Interlocked.Increment(ref _borrowers);
        return this;
    }

    /// <summary>Whoever had it does not use it any more.</summary>
    public void Return()
    {
        if (Interlocked.Decrement(ref _borrowers) == 0)
            scope.Dispose();
    }
}
