using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>
/// Applies the migrations before the bus and the web server start. Replicas that start together take turns, so that
/// one of them does the work and the others find it done.
/// </summary>
internal sealed class SchemaMigration<TContext>(
    IServiceScopeFactory scopes, IDatabaseProvider database, DatabaseOptions options, TimeProvider time,
    ILogger<SchemaMigration<TContext>> logger) : IHostedLifecycleService
    where TContext : DbContext
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await MigrateAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (database.IsTransient(exception) && time.GetElapsedTime(started) < options.StartupTimeout && !cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning("The database does not answer yet (attempt {Attempt}): {Problem}", attempt, exception.Message);
                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        // However long another replica's migration takes.
        await using var turn = await database.LockSchemaAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var schema = scope.ServiceProvider.GetRequiredService<TContext>().Database;
        var history = schema.GetService<IHistoryRepository>();
        // A new database has none, and a look at it would be an error in the server's log.
        IReadOnlyList<HistoryRow> applied = await history.ExistsAsync(cancellationToken) ? await history.GetAppliedMigrationsAsync(cancellationToken) : [];
        if (applied.Count > 0 && applied.All(migration => migration.MigrationId != schema.GetMigrations().First()))
        {
            throw new InvalidOperationException("The database was made by an earlier version, whose tables this one can't take over. "
                + "Give it an empty database; the app host makes one with --fresh, or in another folder with --data.");
        }

        // Once begun it takes as long as it takes: a large table is rewritten in minutes, and to give up would be to begin again.
        schema.SetCommandTimeout(0);
        await database.MigrateAsync(schema, cancellationToken);
        logger.LogInformation("The schema is up to date after {Elapsed} ms", (int)time.GetElapsedTime(started).TotalMilliseconds);
    }
}
