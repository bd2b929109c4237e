using System.Globalization;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using OrderSample.ServiceDefaults.Chaos;
using OrderSample.ServiceDefaults.Health;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.Messaging.Backlog;
using OrderSample.ServiceDefaults.ParkedMessages;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.ServiceDefaults;

/// <summary>What every service of this system has, so that each Program.cs only says what is its own.</summary>
public static class ServiceDefaultsExtensions
{
    // Work in hand may finish, but Ctrl-C on the whole system must be over within 15 seconds.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds telemetry, health, HTTP conventions, the clock, no culture, the chaos switch of a demo and the limit for shutting down.</summary>
    /// <param name="builder">The service.</param>
    public static void AddServiceDefaults(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // Numbers and times read the same on every machine.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        builder.AddTelemetry();
        builder.AddHttpConventions();
        builder.AddChaos();
        builder.Services.AddSingleton<ListeningCheck>();
        builder.Services.AddHealthChecks().AddCheck<ListeningCheck>("listening", tags: [HealthExtensions.Ready]);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
    }

    /// <summary>Adds error handling, health probes, the outbox and its parked messages, the chaos switch, the OpenAPI document and a page to try the API on to the pipeline. Call it before mapping endpoints.</summary>
    /// <param name="app">The service.</param>
    public static void MapServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseHttpConventions();
        app.MapHealth();
        // Only a service on the bus has an outbox in which messages can be parked, and consumers to break.
        if (!app.Services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IBus)))
            return;
        app.MapOutbox();
        app.MapParkedMessages();
        app.MapChaos();
        app.MapApiPage();
    }
}
