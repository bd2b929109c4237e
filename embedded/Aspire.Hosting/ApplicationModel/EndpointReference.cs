using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary>The whole URL.</summary>
    Url,
    /// <summary>The host name.</summary>
    Host,
    /// <summary>The IPv4 address.</summary>
    IPV4Host,
    /// <summary>The port others use.</summary>
    Port,
    /// <summary>The URL's scheme.</summary>
    Scheme,
    /// <summary>The port the process itself listens on.</summary>
    TargetPort,
    /// <summary>Host and port, joined by a colon.</summary>
    HostAndPort,
}

/// <summary>Points to an endpoint that gets its address when the application starts.</summary>
public sealed class EndpointReference : IManifestExpressionProvider, IValueProvider
{
    private readonly EndpointAnnotation? _endpoint;

    /// <summary>Points to an endpoint by name.</summary>
    public EndpointReference(IResourceWithEndpoints owner, string endpointName)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentException.ThrowIfNullOrEmpty(endpointName);
        Resource = owner;
        EndpointName = endpointName;
    }

    /// <summary>Points to an endpoint.</summary>
    public EndpointReference(IResourceWithEndpoints owner, EndpointAnnotation endpoint) : this(owner, endpoint?.Name!) => _endpoint = endpoint;

    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; }

    /// <summary>The endpoint's name within the resource.</summary>
    public string EndpointName { get; }

    /// <summary>The endpoint.</summary>
    /// <exception cref="InvalidOperationException">The resource has no endpoint of this name.</exception>
    public EndpointAnnotation EndpointAnnotation => Find()
        ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`.");

    /// <summary>Whether the resource has an endpoint of this name.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether the endpoint has its address already.</summary>
    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;

    /// <summary>Whether it speaks http.</summary>
    public bool IsHttp => string.Equals(Scheme, "http", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it speaks https.</summary>
    public bool IsHttps => string.Equals(Scheme, "https", StringComparison.OrdinalIgnoreCase);

    /// <summary>The URL's scheme.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>The host name. Throws <see cref="InvalidOperationException"/> before the start.</summary>
    public string Host => Allocated.Address;

    /// <summary>The port others use. Throws <see cref="InvalidOperationException"/> before the start.</summary>
    public int Port => Allocated.Port;

    /// <summary>The port the process itself listens on, where it was chosen beforehand.</summary>
    public int? TargetPort => EndpointAnnotation.TargetPort;

    /// <summary>The URL. Throws <see cref="InvalidOperationException"/> before the start.</summary>
    public string Url => Allocated.UriString;

    /// <inheritdoc/>
    public string ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    private AllocatedEndpoint Allocated => EndpointAnnotation.AllocatedEndpoint
        ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`.");

    /// <summary>Takes one part of the address.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    internal string ValueOf(EndpointProperty property) => property switch
    {
        EndpointProperty.Url => Url,
        EndpointProperty.Host => Host,
        EndpointProperty.IPV4Host => "127.0.0.1",
        EndpointProperty.Port => Port.ToString(CultureInfo.InvariantCulture),
        EndpointProperty.Scheme => Scheme,
        EndpointProperty.TargetPort => Allocated.TargetPortExpression ?? TargetPort?.ToString(CultureInfo.InvariantCulture) ?? Port.ToString(CultureInfo.InvariantCulture),
        EndpointProperty.HostAndPort => Allocated.EndPointString,
        _ => throw new InvalidOperationException($"The property '{property}' is not supported for the endpoint '{EndpointName}'."),
    };

    private EndpointAnnotation? Find() => _endpoint ?? Resource.Annotations.OfType<EndpointAnnotation>()
        .SingleOrDefault(e => string.Equals(e.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}

/// <summary>One part of an endpoint's address.</summary>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IManifestExpressionProvider, IValueProvider
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference ?? throw new ArgumentNullException(nameof(endpointReference));

    /// <summary>The part taken.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc/>
    public string ValueExpression => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{Property.ToString().ToLowerInvariant()}}}";

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Endpoint.ValueOf(Property));
}
