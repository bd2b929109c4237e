using System.Globalization;
using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    /// <summary>Creates the annotation.</summary>
    /// <param name="protocol">TCP or UDP; only TCP is run here.</param>
    /// <param name="uriScheme">Scheme of the endpoint's URL, for example http.</param>
    /// <param name="transport">Kept for Aspire's signature.</param>
    /// <param name="name">Name within the resource; the scheme when absent.</param>
    /// <param name="port">The port others use; a free one when absent.</param>
    /// <param name="targetPort">The port the process itself listens on; a free one when absent.</param>
    /// <param name="isExternal">Whether it is meant for callers outside of the application.</param>
    /// <param name="isProxied">Whether a proxy listens on the port and spreads connections over the replicas.</param>
    public EndpointAnnotation(ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null, int? port = null, int? targetPort = null, bool? isExternal = null, bool isProxied = true)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : UriScheme);
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied;
    }

    /// <summary>Name within the resource.</summary>
    public string Name { get; set; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The port others use; null for a free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port the process itself listens on; null for a free one.</summary>
    public int? TargetPort { get; set; }

    /// <summary>Scheme of the endpoint's URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>The transport, http or tcp.</summary>
    public string Transport { get; set; }

    /// <summary>The address the process listens on.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>Whether it is meant for callers outside of the application.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether a proxy listens on the port.</summary>
    public bool IsProxied { get; set; }

    /// <summary>Where it was placed in this run; null before the application starts.</summary>
    public AllocatedEndpoint? AllocatedEndpoint { get; set; }

    /// <summary>Environment variable that tells the process its own port.</summary>
    internal string? TargetPortVariable { get; set; }
}

/// <summary>Where an endpoint was placed in this run.</summary>
public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
{
    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; } = endpoint;

    /// <summary>The host name or address.</summary>
    public string Address { get; } = address;

    /// <summary>The port others use.</summary>
    public int Port { get; } = port;

    /// <summary>The engine's expression for the port of the process itself.</summary>
    public string? TargetPortExpression { get; } = targetPortExpression;

    /// <summary>The URL's scheme.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>Address and port, joined by a colon.</summary>
    public string EndPointString => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");

    /// <summary>The URL.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc/>
    public override string ToString() => UriString;
}

/// <summary>The command line and directory settings of endpoints are read by name; two of one name would hide each other.</summary>
internal static class EndpointRules
{
    public static void Add(IResource resource, EndpointAnnotation endpoint)
    {
        if (resource.Annotations.OfType<EndpointAnnotation>().Any(e => string.Equals(e.Name, endpoint.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"Endpoint with name '{endpoint.Name}' already exists on resource '{resource.Name}'. Give the second one a name of its own.");
        }

        resource.Annotations.Add(endpoint);
    }

    public static void Validate(IResource resource)
    {
        var replicas = resource.GetReplicaCount();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (replicas > 1 && !endpoint.IsProxied)
            {
                throw new InvalidOperationException($"Resource '{resource.Name}' uses multiple replicas and its endpoint '{endpoint.Name}' has no proxy. The replicas would take the same port.");
            }

            if (replicas > 1 && endpoint.TargetPort is not null)
            {
                throw new InvalidOperationException($"Resource '{resource.Name}' can have multiple replicas, and its endpoint '{endpoint.Name}' sets a target port. The replicas would take the same port.");
            }

            if (endpoint.IsProxied && endpoint.Port is { } port && port == endpoint.TargetPort && resource is not ContainerResource)
            {
                throw new InvalidOperationException($"The endpoint '{endpoint.Name}' of resource '{resource.Name}' requested a proxy, and has the same port and target port {port}. The proxy and the process cannot share it.");
            }
        }
    }
}
