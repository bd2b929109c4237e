using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSample.AppHost.Breaking;
using OrderSample.AppHost.Switching;
using OrderSample.Servers;

namespace OrderSample.AppHost.Tests;

/// <summary>What breaks things is there only where the services have their chaos switch. Of the application only what the console asks is started.</summary>
public sealed class What_experiments_may_ask
{
    [Theory]
    [InlineData(null, HttpStatusCode.OK, HttpStatusCode.Conflict)]
    [InlineData("true", HttpStatusCode.OK, HttpStatusCode.Conflict)]
    [InlineData("false", HttpStatusCode.NotFound, HttpStatusCode.NotFound)]
    public async Task Is_there_where_chaos_is_enabled(string? chaos, HttpStatusCode runs, HttpStatusCode broken)
    {
        using var folder = new TemporaryFolder();
        var builder = ServersOnly.CreateBuilder();
        foreach (var (setting, value) in new[] { ("Servers", "containers"), ("ASPIRE_CONTAINER_RUNTIME", "true"), ("Servers:Data", folder.Path), ("Chaos:Enabled", chaos) })
            builder.Configuration[setting] = value;
        var broker = builder.AddBroker("rabbitmq");
        var orders = builder.AddProject<Projects.OrderService>("order-service", launchProfileName: null);
        var console = builder.AddProject<Projects.Backoffice>("backoffice", launchProfileName: null).MayStopAndStart(orders).RunsExperiments(broker, orders);
        // It is not disposed of as a whole: Aspire would stop an engine that was never started, and wait for it.
        await using var server = builder.Build().Services.GetServices<IHostedService>().OfType<ServiceSwitch>().Single();
        await server.StartingAsync(CancellationToken.None);
        var access = console.Resource.Annotations.OfType<SwitchAccess>().Single();
        using var http = new HttpClient { BaseAddress = new Uri(access.Url!) };
        http.DefaultRequestHeaders.Add(SwitchAccess.Header, access.Key);

        Assert.Equal(HttpStatusCode.OK, await Ask(HttpMethod.Get, "/resources"));
        Assert.Equal(runs, await Ask(HttpMethod.Get, "/lab/runs"));
        Assert.Equal(broken, await Ask(HttpMethod.Post, "/breaks/frozen?target=nothing"));
        Assert.Equal(runs == HttpStatusCode.OK, File.Exists(Path.Combine(folder.Path, BreakingExtensions.KeyFile)));
        // A container disposes only of what it has made itself.
        DataFolder.Of(builder).Dispose();

        async Task<HttpStatusCode> Ask(HttpMethod method, string path)
        {
            using var request = new HttpRequestMessage(method, path);
            using var answer = await http.SendAsync(request);
            return answer.StatusCode;
        }
    }
}
