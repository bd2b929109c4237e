using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSample.Backoffice.Console;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.DiscardingDeadLetters;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.Backoffice.SigningIn;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.Services.Tests.Backoffice;

/// <summary>The backoffice on a real web server, but without database and broker: a request that should have been refused, and is not, fails.</summary>
public sealed class BackofficeHost : IAsyncLifetime
{
    /// <summary>Attempts to sign in that one address has in a minute.</summary>
    public const int Attempts = 5;

    private WebApplication _app = null!;

    /// <summary>Somebody who has not signed in.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Everything that can be asked for.</summary>
    public IEnumerable<RouteEndpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:backoffice-db"] = "Host=127.0.0.1;Port=1;Timeout=1",
            ["SignIn:AttemptsPerMinute"] = $"{Attempts}",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.AddServiceDatabase<BackofficeDbContext, PostgresBackofficeDbContext, SqlServerBackofficeDbContext>("backoffice-db");
        builder.AddSigningIn();
        builder.AddReplayingDeadLetters();
        builder.AddDiscardingDeadLetters();
        builder.AddConsole();
        foreach (var started in builder.Services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Namespace?.StartsWith("OrderSample", StringComparison.Ordinal) == true).ToList())
            builder.Services.Remove(started);

        _app = builder.Build();
        _app.UseSecureHeaders();
        _app.MapServiceDefaults();
        _app.UseSigningIn();
        _app.MapAccess();
        _app.MapReadingDeadLetters();
        _app.MapReplayingDeadLetters();
        _app.MapDiscardingDeadLetters();
        _app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        _app.UseAntiforgery();
        await _app.StartAsync();
        Client.BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
