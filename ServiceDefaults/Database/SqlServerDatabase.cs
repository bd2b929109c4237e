using MassTransit;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>SQL Server.</summary>
internal sealed class SqlServerDatabase : IDatabaseProvider
{
    /// <summary>From this class on an error ends the connection: the server, or the way to it, is gone.</summary>
    private const byte FatalErrorClass = 20;

    private readonly CancelledStatements _cancelledStatements = new();
    private readonly DatabaseOptions _options;
    private readonly string _connectionString;

    public SqlServerDatabase(string connectionString, DatabaseOptions options)
    {
        _options = options;
        _connectionString = new SqlConnectionStringBuilder(connectionString) { MaxPoolSize = options.MaxPoolSize }.ConnectionString;
    }

    public void Configure(DbContextOptionsBuilder options) => options.AddInterceptors(_cancelledStatements).UseSqlServer(_connectionString, server =>
    {
        server.CommandTimeout(_options.CommandTimeout);
        server.ExecutionStrategy(dependencies => new AnotherTry(dependencies, IsUndone));
        if (_options.MaxBatchSize is { } size)
            server.MaxBatchSize(size);
    });

    public void Configure(IEntityFrameworkOutboxConfigurator outbox) => outbox.UseSqlServer();

    public void Configure<TSaga>(IEntityFrameworkSagaRepositoryConfigurator<TSaga> repository)
        where TSaga : class, ISaga =>
        repository.UseSqlServer();

    /// <summary>Takes no lock: on SQL Server EF Core's own keeps two processes from migrating and seeding at once, from before there is any table.</summary>
    public Task<IAsyncDisposable> LockSchemaAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable>(new NoLock());

    public bool IsUniqueViolation(Exception exception) => Numbers(exception).Any(number => number is SqlServerErrors.DuplicateKey or SqlServerErrors.DuplicateIndexKey);

    public bool IsConstraintViolation(Exception exception) => IsUniqueViolation(exception) || Numbers(exception).Contains(SqlServerErrors.Constraint);

    public bool IsTransient(Exception exception) => exception switch
    {
        DbUpdateConcurrencyException => true,
        SqlException error => error.Class >= FatalErrorClass || Numbers(error).Any(SqlServerErrors.Transient.Contains),
        { InnerException: { } inner } => IsTransient(inner),
        _ => false,
    };

    public Task<bool> IsWritableAsync(DbContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Database.SqlQuery<bool>($"SELECT CAST(CASE DATABASEPROPERTYEX(DB_NAME(), 'Updateability') WHEN 'READ_ONLY' THEN 0 ELSE 1 END AS bit) AS [Value]").SingleAsync(cancellationToken);
    }

    private static bool IsUndone(Exception exception) => Numbers(exception).Any(number => number is SqlServerErrors.Deadlock or SqlServerErrors.SnapshotConflict);

    /// <returns>The error numbers of the client's exception, also when it is wrapped; none of another exception.</returns>
    private static IEnumerable<int> Numbers(Exception? exception) => exception switch
    {
        null => [],
        SqlException error => error.Errors.Cast<SqlError>().Select(x => x.Number),
        _ => Numbers(exception.InnerException),
    };

    private sealed class NoLock : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
