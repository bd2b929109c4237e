using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrderSample.AppHost.Clustering;
using OrderSample.AppHost.Databases;

namespace OrderSample.AppHost.LeastPrivilege;

/// <summary>Gives every service accounts of its own.</summary>
internal static class LeastPrivilegeExtensions
{
    /// <summary>
    /// Lets a service use the broker and its database, as a user of its own that is allowed no more than it needs. The
    /// password is new at each start, and kept nowhere. A database that the host is told of, by the connection string of its
    /// name, is used as it is instead: one on SQL Server, say.
    /// </summary>
    /// <exception cref="InvalidOperationException">The service is to use SQL Server, and the host is not told of one.</exception>
    public static IResourceBuilder<ProjectResource> UsesBrokerAndDatabase(this IResourceBuilder<ProjectResource> service,
        BrokerRoute broker, IServiceDatabase database)
    {
        var name = service.Resource.Name;
        var password = service.ApplicationBuilder.AddParameter($"{name}-password", new GenerateParameterDefault { Special = false }, secret: true);
        broker.Broker.IsHealthyAfter($"{name}_broker_account", new BrokerAccount(broker.Broker.Resource, name, password.Resource).MakeAsync);
        var variable = $"ConnectionStrings__{database.Resource.Resource.Name}";
        if (GivenConnectionString(service.ApplicationBuilder, database) is { } given)
            return broker.GiveTo(service, name, password).WithEnvironment(variable, given);
        database.Resource.IsHealthyAfter($"{name}_database_owner", token => database.MakeOwnerAsync(name, password.Resource, token));

        // Not by reference: that would hand on the administrator's password.
        return broker.GiveTo(service, name, password)
            .WithEnvironment("Database__Provider", database.Provider)
            .WithEnvironment(variable, database.ConnectionString(name, password))
            .WaitFor(database.Resource);
    }

    private static string? GivenConnectionString(IDistributedApplicationBuilder builder, IServiceDatabase database)
    {
        var name = database.Resource.Resource.Name;
        return builder.Configuration.GetConnectionString(name)
            ?? (builder.IsOnSqlServer() && database.Provider != "SqlServer"
                ? throw new InvalidOperationException($"Of SQL Server this host starts none: with Database:Provider=SqlServer it takes ConnectionStrings:{name}, too.")
                : null);
    }

    /// <summary>Whoever waits for the resource waits for this, too.</summary>
    private static void IsHealthyAfter<T>(this IResourceBuilder<T> resource, string key, Func<CancellationToken, Task> make)
        where T : IResource
    {
        var made = new MadeOnce(make);
        resource.ApplicationBuilder.Services.AddHealthChecks().AddCheck(key, made);
        resource.WithHealthCheck(key);
    }

    private sealed class MadeOnce(Func<CancellationToken, Task> make) : IHealthCheck
    {
        private bool _done;

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                if (!_done)
                    await make(cancellationToken);
                _done = true;
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The server is not up yet, or this can't be done; the description says which.
                return HealthCheckResult.Unhealthy(exception.Message);
            }
        }
    }
}
