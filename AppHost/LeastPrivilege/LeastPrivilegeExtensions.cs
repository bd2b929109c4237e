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
    /// password is new at each start, and kept nowhere.
    /// </summary>
    public static IResourceBuilder<ProjectResource> UsesBrokerAndDatabase(this IResourceBuilder<ProjectResource> service,
        BrokerRoute broker, IServiceDatabase database)
    {
        var name = service.Resource.Name;
        var password = service.ApplicationBuilder.AddParameter($"{name}-password", new GenerateParameterDefault { Special = false }, secret: true);
        broker.Broker.Resource.IsHealthyAfter($"{name}_broker_account", new BrokerAccount(broker.Broker, name, password.Resource).MakeAsync);
        database.GiveTo(service, name, password);
        return broker.GiveTo(service, name, password);
    }

    /// <summary>Whoever waits for the resource waits for this, too.</summary>
    public static void IsHealthyAfter<T>(this IResourceBuilder<T> resource, string key, Func<CancellationToken, Task> make)
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
