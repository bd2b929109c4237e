using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OrderSample.AppHost.Switching;

/// <summary>Says how resources are, and stops and starts them, for whoever has the key. Listens for this machine only.</summary>
internal sealed class ServiceSwitch(
    SwitchAccess access, IReadOnlyList<IResource> resources, ResourceCommandService commands, ResourceStates states, IEnumerable<ISwitchEndpoints> others) : IHostedLifecycleService, IAsyncDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    private WebApplication? _server;

    /// <summary>Before anything is started that is to be told the address.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port: 0));
        _server = builder.Build();
        _server.Use(Authorize);
        _server.MapGet("/resources", () => Results.Json(resources.Select(resource => states.Of(resource))));
        _server.MapPost("/resources/{name}/stop", (string name, string? by) => ExecuteAsync(name, KnownResourceCommands.StopCommand, by));
        _server.MapPost("/resources/{name}/start", (string name) => ExecuteAsync(name, KnownResourceCommands.StartCommand));
        foreach (var endpoints in others)
            endpoints.Map(_server);
        await _server.StartAsync(cancellationToken);
        access.Url = _server.Urls.Single();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
            await _server.StopAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private Task Authorize(HttpContext context, RequestDelegate next)
    {
        var key = Encoding.UTF8.GetBytes(context.Request.Headers[SwitchAccess.Header].ToString());
        if (CryptographicOperations.FixedTimeEquals(key, Encoding.UTF8.GetBytes(access.Key)))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    /// <summary>Once begun it is finished, even when the caller goes away.</summary>
    private async Task<IResult> ExecuteAsync(string name, string command, string? stoppedBy = null)
    {
        var resource = resources.SingleOrDefault(x => x.Name == name);
        if (resource is null)
            return Results.NotFound();
        if (stoppedBy is not null)
            states.IsStoppedBy(resource, stoppedBy);
        var outcome = await commands.ExecuteCommandAsync(resource, command);
        // Aspire gives up waiting for an end after some seconds; one that takes longer is none that failed.
        var isDone = outcome.Success || (command == KnownResourceCommands.StopCommand && await states.Ends(resource, LongestEnd));
        if (!isDone)
            states.IsStoppedBy(resource, null);
        return isDone
            ? Results.NoContent()
            : Results.Json(new { detail = outcome.Message }, contentType: "application/problem+json", statusCode: StatusCodes.Status409Conflict);
    }
}
