using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrderSample.ServiceDefaults.Health;

namespace OrderSample.Services.Tests.Health;

public sealed class When_a_listener_has_ended
{
    [Fact]
    public async Task The_service_is_unhealthy_though_it_answers_at_another_address()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        var check = new ListeningCheck(new ServerAt($"http://{first.LocalEndpoint}", $"http://{second.LocalEndpoint}"), TimeProvider.System);
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new())).Status);

        var ended = $"{second.LocalEndpoint}";
        second.Stop();

        var result = await check.CheckHealthAsync(new());
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains(ended, result.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:{0}")]
    [InlineData("http://0.0.0.0:{0}")]
    [InlineData("http://*:{0}")]
    public async Task It_is_found_by_every_way_to_say_where_to_listen(string address)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var check = new ListeningCheck(new ServerAt(string.Format(null, address, ((IPEndPoint)listener.LocalEndpoint).Port)), TimeProvider.System);
        // Of localhost only one address is there, as on a machine without IPv6.
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new())).Status);

        listener.Stop();

        Assert.Equal(HealthStatus.Unhealthy, (await check.CheckHealthAsync(new())).Status);
    }

    private sealed class ServerAt : IServer, IServerAddressesFeature
    {
        public ServerAt(params string[] addresses)
        {
            Addresses = addresses;
            Features.Set<IServerAddressesFeature>(this);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public ICollection<string> Addresses { get; }

        public bool PreferHostingUrls { get; set; }

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => throw new NotSupportedException();

        public Task StopAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
