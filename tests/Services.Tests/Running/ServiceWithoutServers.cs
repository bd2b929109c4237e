using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace OrderSample.Services.Tests.Running;

/// <summary>
/// A service as its Program.cs builds it, on a real web server, but without database and broker: a request that should have
/// been refused, and is not, fails.
/// </summary>
/// <typeparam name="TEntryPoint">Any type of the service's assembly: Program is the name of one in each.</typeparam>
public abstract class ServiceWithoutServers<TEntryPoint> : WebApplicationFactory<TEntryPoint>, IAsyncLifetime
    where TEntryPoint : class
{
    private const string NoDatabase = "Host=127.0.0.1;Port=1;Timeout=1";

    /// <summary>Configuration beyond appsettings.json.</summary>
    public Dictionary<string, string?> Settings { get; } = new()
    {
        ["ConnectionStrings:orders-db"] = NoDatabase,
        ["ConnectionStrings:inventory-db"] = NoDatabase,
        ["ConnectionStrings:notifications-db"] = NoDatabase,
        ["ConnectionStrings:backoffice-db"] = NoDatabase,
        ["ConnectionStrings:rabbitmq"] = "amqp://nobody:none@127.0.0.1:1",
    };

    /// <summary>Where requests seem to come from; null: from where they do, this machine.</summary>
    public IPAddress? Caller { get; init; }

    /// <summary>Somebody who has not signed in. The factory's own clients would follow every redirect of a real web server.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };

    public Task InitializeAsync()
    {
        UseKestrel();
        StartServer();
        Client.BaseAddress = ClientOptions.BaseAddress;
        return Task.CompletedTask;
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    protected override void Dispose(bool disposing)
    {
        Client.Dispose();
        base.Dispose(disposing);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // In development, which is the factory's default, errors are answered with a page for developers.
        builder.UseEnvironment(Environments.Production);
        // Not by UseKestrel: that sets the port when Program.cs may have started the server already.
        builder.UseUrls("http://127.0.0.1:0");
        foreach (var (key, value) in Settings)
            builder.UseSetting(key, value);
        // Only the web server starts: what else would start asks for database or broker.
        builder.ConfigureTestServices(services =>
        {
            var server = services.Single(service => service.ImplementationType?.Name == "GenericWebHostService");
            services.RemoveAll<IHostedService>().Add(server);
            if (Caller is { } caller)
                services.AddTransient<IStartupFilter>(_ => new CallsFrom(caller));
        });
    }

    private sealed class CallsFrom(IPAddress caller) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, further) =>
            {
                context.Connection.RemoteIpAddress = caller;
                return further(context);
            });
            next(app);
        };
    }
}
