using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Health;
using OrderSample.ServiceDefaults.ParkedMessages;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>Gives a service its database.</summary>
public static class DatabaseExtensions
{
    /// <summary>
    /// Registers the DbContext on the database chosen by <c>Database:Provider</c>, brings its schema up to date before
    /// anything else of the service starts, and makes readiness depend on it.
    /// </summary>
    /// <typeparam name="TContext">The context the service's code asks for.</typeparam>
    /// <typeparam name="TPostgres">The same model with the migrations for PostgreSQL.</typeparam>
    /// <typeparam name="TSqlServer">The same model with the migrations for SQL Server.</typeparam>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">Name of the connection string.</param>
    /// <param name="seed">Called after the migrations, while no other replica is at them; adds first data if there is none.</param>
    /// <returns>The database, for what else depends on its kind.</returns>
    /// <exception cref="InvalidOperationException">The connection string is missing, or a setting is not one that there is.</exception>
    public static IDatabaseProvider AddServiceDatabase<TContext, TPostgres, TSqlServer>(this WebApplicationBuilder builder, string connectionName,
        Func<DbContext, bool, CancellationToken, Task>? seed = null)
        where TContext : DbContext
        where TPostgres : TContext
        where TSqlServer : TContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = DatabaseOptions.Read(builder.Configuration);
        var connectionString = builder.Configuration.GetConnectionString(connectionName)
            ?? throw new InvalidOperationException($"ConnectionStrings:{connectionName} is not configured.");

        builder.Services.AddSingleton(options);
        IDatabaseProvider database;
        if (options.Provider == DatabaseKind.SqlServer)
        {
            database = new SqlServerDatabase(connectionString, options);
            builder.Services.AddDbContextPool<TContext, TSqlServer>(context => Configure(context, database, seed));
        }
        else
        {
            database = new PostgresDatabase(connectionString, options);
            builder.Services.AddDbContextPool<TContext, TPostgres>(context => Configure(context, database, seed));
        }

        // By a factory, because the container disposes only of what it was not handed ready-made.
        builder.Services.AddSingleton(_ => database);
        builder.Services.AddScoped(services => ActivatorUtilities.CreateInstance<ParkedMessageStore>(services, services.GetRequiredService<TContext>()));
        builder.Services.AddSingleton<IDatabaseUse, DatabaseUse<TContext>>();
        builder.Services.AddHostedService<SchemaMigration<TContext>>();
        builder.Services.AddHealthChecks().AddDbContextCheck<TContext>("database", tags: [HealthExtensions.Ready], customTestQuery: database.IsWritableAsync);
        return database;
    }

    private static void Configure(DbContextOptionsBuilder options, IDatabaseProvider database,
        Func<DbContext, bool, CancellationToken, Task>? seed)
    {
        database.Configure(options);
        if (seed is not null)
            options.UseAsyncSeeding(seed);
        // Both are thrown as well, and logged by whoever catches them; a taken key, for one, is an expected answer.
        options.ConfigureWarnings(warnings => warnings
            .Log((RelationalEventId.CommandError, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug))
            // The first rows of no order in particular are a mistake in the query.
            .Throw(CoreEventId.RowLimitingOperationWithoutOrderByWarning, CoreEventId.FirstWithoutOrderByAndFilterWarning));
    }
}
