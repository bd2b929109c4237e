using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>Gives every endpoint its address before any process starts, so that one can be told where another will be.</summary>
internal sealed class EndpointAllocator(DcpEngine engine, IConfiguration configuration)
{
    private const string Host = "localhost";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly ConcurrentDictionary<int, byte> Given = new();

    /// <summary>In tests fixed ports are left free for a demo that runs beside them.</summary>
    private bool RandomizePorts => configuration.GetValue<bool>("DcpPublisher:RandomizePorts");

    /// <summary>Gives those endpoints of a resource an address that have none yet.</summary>
    /// <exception cref="DistributedApplicationException">A port is in use.</exception>
    public async Task Allocate(IResourceWithEndpoints resource, CancellationToken cancellationToken)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(x => x.AllocatedEndpoint is null))
        {
            var wanted = RandomizePorts && endpoint.IsProxied ? null : endpoint.Port;
            if (wanted is { } port)
                EnsureFree(resource, endpoint, port);
            if (endpoint.IsProxied)
                await AllocateProxied(resource, endpoint, wanted, cancellationToken);
            else
                endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, Host, endpoint.TargetPort ??= wanted ?? FreePort());
        }
    }

    public static string ServiceName(IResource resource, EndpointAnnotation endpoint) => $"{resource.Name}-{endpoint.Name}";

    /// <summary>A port that nobody listens on at the moment.</summary>
    /// <remarks>
    /// Below the range from which the system takes the ports of outgoing connections: one of those could take it
    /// between now and the server's start, or while the server is stopped.
    /// </remarks>
    public static int FreePort()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            if (IsFree(port) && Given.TryAdd(port, 0))
                return port;
        }

        throw new DistributedApplicationException("No free port was found between 20000 and 30000.");
    }

    private static void EnsureFree(IResource resource, EndpointAnnotation endpoint, int port)
    {
        if (!IsFree(port))
        {
            throw new DistributedApplicationException(
                $"Port {port} of {resource.Name} ({endpoint.Name}) is in use by another process. Stop that one, for example another run of this application, and start again.");
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task AllocateProxied(IResource resource, EndpointAnnotation endpoint, int? port, CancellationToken cancellationToken)
    {
        var name = ServiceName(resource, endpoint);
        await engine.Client.Create(DcpService.Kind, new DcpObject<DcpService>("Service", new DcpMetadata(name), new DcpService { Port = port }), cancellationToken);

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        using var timer = new PeriodicTimer(PollInterval);
        try
        {
            do
            {
                var service = await engine.Client.Get(DcpService.Kind, name, timeout.Token);
                if (service.TryGetProperty("status", out var status) && status.TryGetProperty("effectivePort", out var effective) && effective.GetInt32() > 0)
                {
                    endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, Host, effective.GetInt32(),
                        string.Create(CultureInfo.InvariantCulture, $$$"""{{- portForServing "{{{name}}}" -}}"""));
                    return;
                }
            }
            while (await timer.WaitForNextTickAsync(timeout.Token));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException(
                $"The endpoint {endpoint.Name} of {resource.Name} got no port{(port is null ? "" : $": is {port} in use")} within {Timeout.TotalSeconds} s.", exception);
        }
    }
}
