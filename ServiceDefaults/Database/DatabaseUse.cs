using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>Tells whether the service's database can be used right now.</summary>
internal interface IDatabaseUse
{
    /// <summary>
    /// Whether a failure is the database's and not that of the work that met it: it can't be used by anybody at the moment. Asked of the
    /// database, because the same lost connection is an outage when it is stopped, and the work's own doing when only that work loses it.
    /// </summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<bool> IsAwayAsync(Exception failure, CancellationToken cancellationToken);
}

/// <inheritdoc cref="IDatabaseUse"/>
/// <typeparam name="TContext">The service's DbContext.</typeparam>
internal sealed class DatabaseUse<TContext>(IServiceScopeFactory scopes, IDatabaseProvider database, TimeProvider time) : IDatabaseUse
    where TContext : DbContext
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public async Task<bool> IsAwayAsync(Exception failure, CancellationToken cancellationToken) =>
        database.IsTransient(failure) && !await CanBeWrittenAsync(cancellationToken);

    private async Task<bool> CanBeWrittenAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            // A server that hangs takes a connection, and may not heed that it is cancelled.
            return await database.IsWritableAsync(scope.ServiceProvider.GetRequiredService<TContext>(), either.Token).WaitAsync(either.Token);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
