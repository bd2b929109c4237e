using OrderSample.AppHost.Clustering;
using OrderSample.AppHost.Databases;
using OrderSample.Servers;

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
        broker.Broker.Resource.IsHealthyAfter($"{name}_account", new BrokerAccount(broker.Broker, name, password.Resource).MakeAsync);
        database.GiveTo(service, name, password);
        return broker.GiveTo(service, name, password);
    }

    /// <summary>Does something once, for which everything waits that waits for the resource.</summary>
    public static void IsHealthyAfter<T>(this IResourceBuilder<T> resource, string what, Func<CancellationToken, Task> make)
        where T : IResource
    {
        var done = false;
        resource.IsHealthyWhile(async token =>
        {
            if (!done)
                await make(token);
            done = true;
        }, what);
    }
}
