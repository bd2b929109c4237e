using OrderSample.Servers;

namespace OrderSample.AppHost.Clustering;

/// <summary>How services reach the broker.</summary>
/// <param name="Broker">The broker; of a cluster, its first node.</param>
/// <param name="Amqp">Where they connect: one address, or that of each node.</param>
/// <param name="Management">The management interfaces.</param>
/// <param name="WaitsFor">What has to be healthy first.</param>
internal sealed record BrokerRoute(
    Broker Broker, IReadOnlyList<EndpointReference> Amqp, IReadOnlyList<EndpointReference> Management, IResourceBuilder<IResource> WaitsFor)
{
    /// <summary>Tells a service where it connects, as a user of the broker.</summary>
    /// <param name="service">The service.</param>
    /// <param name="user">The user's name.</param>
    /// <param name="password">The user's password.</param>
    public IResourceBuilder<ProjectResource> GiveTo(IResourceBuilder<ProjectResource> service, string user, IResourceBuilder<ParameterResource> password)
    {
        service.WithEnvironment($"ConnectionStrings__{Broker.Resource.Resource.Name}", ReferenceExpression.Create(
            $"amqp://{user}:{password}@{Amqp[0].Property(EndpointProperty.Host)}:{Amqp[0].Property(EndpointProperty.Port)}"));
        for (var i = 0; Amqp.Count > 1 && i < Amqp.Count; i++)
            service.WithEnvironment($"Messaging__Nodes__{i}", ReferenceExpression.Create($"{Amqp[i].Property(EndpointProperty.Host)}:{Amqp[i].Property(EndpointProperty.Port)}"));
        return service.WaitFor(WaitsFor);
    }
}
