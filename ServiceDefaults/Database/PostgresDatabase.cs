using System.Diagnostics;
using System.Globalization;
using MassTransit;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>PostgreSQL.</summary>
internal sealed class PostgresDatabase : IDatabaseProvider, IAsyncDisposable
{
    // Any number will do, as long as every version of every service uses the same one.
    private const long SchemaLock = 0x4F72_6465_7253;

    private const int MaxPreparedStatements = 100;
    private const int DefaultMaxBatchSize = 1000;
    private const int SecondsUntilKeepAlive = 5;
    private const int KeepAlivesUntilLost = 3;

    /// <summary>How long the server waits for a lock on behalf of a process that would have given up, and does not: it hangs.</summary>
    private static readonly TimeSpan AfterTheProcess = TimeSpan.FromSeconds(1);

    /// <summary>How often the server looks, while a statement runs or waits, whether its process is there.</summary>
    private static readonly TimeSpan LookForTheProcess = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Pages in memory or on an SSD, of which any costs as much as the next one. By the server's default for discs that turn, plans flip from an index to the whole table
    /// where that looks small: the outbox's, of which few rows are there at a time, and many that were deleted.
    /// </summary>
    private const string PageCosts = "-c random_page_cost=1.1";

    private const string IdleInTransactionTimeout = "25P03";
    private const string NoLockTimeout = "SET lock_timeout = 0";
    private const string LockTimeoutAgain = "RESET lock_timeout";

    private readonly NpgsqlDataSource _dataSource;
    private readonly DatabaseOptions _options;
    private bool? _savesInOneBatch;

    public PostgresDatabase(string connectionString, DatabaseOptions options)
    {
        _options = options;
        var connection = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = options.MaxPoolSize,
            CommandTimeout = options.CommandTimeout,
            // Planned once for each connection: the statements of a message are few, and always the same.
            MaxAutoPrepare = MaxPreparedStatements,
            // Nothing of a session outlives its use here (locks on the schema are given back by hand), and a reset that keeps
            // prepared statements would be seven statements at each use.
            NoResetOnClose = true,
            // A server whose machine is gone says no more; without a sign of life the connection is given up.
            TcpKeepAlive = true,
            TcpKeepAliveTime = SecondsUntilKeepAlive,
            TcpKeepAliveInterval = SecondsUntilKeepAlive,
        };
        // What the connection string says itself comes last, and holds.
        connection.Options = $"{Limits(options)} {PageCosts} {connection.Options}".TrimEnd();
        // Spans and metrics name it each time, by default by all its settings.
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = connection.Database };
        // Background polling belongs to no request and no message: as traces of their own its queries would bury the others. So would the pool's connecting.
        // The first response is not marked in its span: all of it comes right after.
        builder.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(_ => Activity.Current is not null)
            .EnableFirstResponseEvent(false)
            .EnablePhysicalOpenTracing(false));
        _dataSource = builder.Build();
    }

    private int MaxBatchSize => _options.MaxBatchSize ?? DefaultMaxBatchSize;

    public void Configure(DbContextOptionsBuilder options)
    {
        options.UseNpgsql(_dataSource, server =>
        {
            server.ExecutionStrategy(dependencies => new AnotherTry(dependencies, IsUndone));
            server.MaxBatchSize(MaxBatchSize);
        });
        options.AddInterceptors(LockedForUpdate.Instance);
#if !OFFICIAL_ENTITYFRAMEWORKCORE
        // After it: what travels with a query comes before the query's tag.
        options.AddInterceptors(Piggyback.Instance);
#endif
    }

    public void Configure(IEntityFrameworkOutboxConfigurator outbox) => outbox.UsePostgres();

    public void Configure<TSaga>(IEntityFrameworkSagaRepositoryConfigurator<TSaga> repository)
        where TSaga : class, ISaga =>
        repository.UsePostgres();

    public async Task<IAsyncDisposable> LockSchemaAsync(CancellationToken cancellationToken)
    {
        var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var locking = new NpgsqlBatch(connection) { Timeout = 0 }; // the other replica's migration may take long
            locking.BatchCommands.Add(new NpgsqlBatchCommand(NoLockTimeout));
            locking.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_advisory_lock($1)") { Parameters = { new NpgsqlParameter<long> { TypedValue = SchemaLock } } });
            locking.BatchCommands.Add(new NpgsqlBatchCommand(LockTimeoutAgain));
            await locking.ExecuteNonQueryAsync(cancellationToken);
            return new HeldLock(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task MigrateAsync(DatabaseFacade schema, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schema);
        // Open all the while: it is one session to which this applies.
        await schema.OpenConnectionAsync(cancellationToken);
        await schema.ExecuteSqlRawAsync(NoLockTimeout, cancellationToken);
        await schema.MigrateAsync(cancellationToken);
        await schema.ExecuteSqlRawAsync(LockTimeoutAgain, cancellationToken);
        await schema.CloseConnectionAsync();
    }

    public bool IsUniqueViolation(Exception exception) => SqlState(exception) == PostgresErrorCodes.UniqueViolation;

    public bool IsConstraintViolation(Exception exception) =>
        SqlState(exception) is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.CheckViolation;

    public bool IsTransient(Exception exception) => exception switch
    {
        DbUpdateConcurrencyException => true,
        NpgsqlException { IsTransient: true } => true,
        _ when IsUndone(exception) || IsUnusable(exception) => true,
        { InnerException: { } inner } => IsTransient(inner),
        _ => false,
    };

    public async Task SaveAddedAsync(DbContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (detects, transactions) = (context.ChangeTracker.AutoDetectChangesEnabled, context.Database.AutoTransactionBehavior);
        // Nothing was read that could have been changed since.
        context.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            if (!(_savesInOneBatch ??= SavesInOneBatch(context.Model)) || context.ChangeTracker.Entries().Count() > MaxBatchSize)
            {
                await context.SaveChangesAsync(cancellationToken);
                return;
            }

            // A batch is a transaction by itself: it needs no COMMIT, which would be a round trip.
            context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
            // Without a transaction EF Core leaves another try after a deadlock to its caller.
            await context.Database.CreateExecutionStrategy().ExecuteAsync(context.SaveChangesAsync, cancellationToken);
        }
        finally
        {
            context.ChangeTracker.AutoDetectChangesEnabled = detects;
            context.Database.AutoTransactionBehavior = transactions;
        }
    }

    public Task<bool> IsWritableAsync(DbContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Database.SqlQuery<bool>($"""SELECT current_setting('transaction_read_only') = 'off' AS "Value" """).SingleAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();

    // Rows that refer to a key which the database makes are sent when it is known, in a second batch; and an entity of several tables is several rows.
    private static bool SavesInOneBatch(IModel model) => model.GetEntityTypes().All(entity =>
        entity.GetTableMappings().Count() <= 1
        && !entity.GetReferencingForeignKeys().Any(x => x.PrincipalKey.Properties.Any(key => key.ValueGenerated != ValueGenerated.Never)));

    /// <summary>
    /// What the server does about a process that hangs, or whose machine is gone: it ends transactions that stand still, and waits for locks that nobody
    /// waits for any more; and it looks for those who are gone, whose locks would stay until a statement ends, or for ever.
    /// </summary>
    private static string Limits(DatabaseOptions options) => string.Create(CultureInfo.InvariantCulture, $"""
        -c idle_in_transaction_session_timeout={options.IdleInTransactionTimeout.TotalMilliseconds:0}
        -c lock_timeout={(TimeSpan.FromSeconds(options.CommandTimeout) + AfterTheProcess).TotalMilliseconds:0}
        -c client_connection_check_interval={LookForTheProcess.TotalMilliseconds:0}
        -c tcp_keepalives_idle={SecondsUntilKeepAlive} -c tcp_keepalives_interval={SecondsUntilKeepAlive} -c tcp_keepalives_count={KeepAlivesUntilLost}
        """).ReplaceLineEndings(" ");

    /// <summary>The server answers, but not as this service needs it: after a failover to a copy, while a password is changed, while the database is restored.</summary>
    private static bool IsUnusable(Exception exception) => SqlState(exception)
        is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName;

    /// <summary>In favour of somebody else; a transaction that stood still for too long is among them.</summary>
    private static bool IsUndone(Exception exception) => SqlState(exception)
        is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or IdleInTransactionTimeout;

    private static string? SqlState(Exception? exception) =>
        exception is null ? null : (exception as PostgresException)?.SqlState ?? SqlState(exception.InnerException);

    private sealed class HeldLock(NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // Given back by hand: the pool resets a connection only when it is next used, and until then the lock would stay.
            await using (connection)
            {
                await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection);
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = SchemaLock });
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
    }
}
