using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrderSample.Services.RealServers.Tests.Notifications;

/// <summary>A gateway that keeps what it was given, and refuses some numbers.</summary>
internal sealed class SmsGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SmsGateway(WebApplication app) => _app = app;

    /// <summary>The idempotency key of every text that was taken, in the sequence they came.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    /// <summary>Numbers that are refused, and how many times.</summary>
    public ConcurrentDictionary<string, int> Refusals { get; } = new();

    /// <summary>With which status they are, where it is not 503.</summary>
    public ConcurrentDictionary<string, int> Statuses { get; } = new();

    public Uri Address => new($"{_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/messages");

    public static async Task<SmsGateway> Start()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var gateway = new SmsGateway(app);
        app.MapPost("/messages", gateway.Take);
        await app.StartAsync();
        return gateway;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Take(Sms message, HttpRequest request)
    {
        if (Refusals.TryGetValue(message.To, out var left) && left > 0)
        {
            Refusals[message.To] = left - 1;
            return Results.StatusCode(Statuses.GetValueOrDefault(message.To, StatusCodes.Status503ServiceUnavailable));
        }

        Taken.Enqueue(request.Headers["Idempotency-Key"].ToString());
        return Results.Ok();
    }

    private sealed record Sms(string To, string Text);
}
