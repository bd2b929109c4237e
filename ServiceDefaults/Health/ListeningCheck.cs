using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrderSample.ServiceDefaults.Health;

/// <summary>
/// Unhealthy when an address that took connections takes none any more. Of localhost there are two, and a probe reaches one of them: a service
/// whose listener on the other one has ended, as when it ran out of file descriptors, would seem healthy to it.
/// </summary>
internal sealed class ListeningCheck(IServer server, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    // The address of one IP version may never have been there.
    private readonly HashSet<IPEndPoint> _known = [];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        foreach (var address in Addresses())
        {
            var takes = await TakesConnections(address, cancellationToken);
            lock (_known)
            {
                if (takes)
                    _known.Add(address);
                else if (_known.Contains(address))
                    return HealthCheckResult.Unhealthy($"{address} takes no connections any more. A restart opens it again.");
            }
        }

        return HealthCheckResult.Healthy();
    }

    private IEnumerable<IPEndPoint> Addresses() =>
        from text in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []
        let address = new Uri(text.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal))
        from ip in IPAddress.TryParse(address.DnsSafeHost, out var known) ? [Reached(known)] : (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback]
        select new IPEndPoint(ip, address.Port);

    private static IPAddress Reached(IPAddress bound) =>
        bound.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bound;

    private async Task<bool> TakesConnections(IPEndPoint address, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var client = new TcpClient(address.AddressFamily);
            await client.ConnectAsync(address, either.Token);
            return true;
        }
        catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
