using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.ServiceDefaults.Health;

namespace OrderSample.ServiceDefaults.Messaging.Backlog;

/// <summary>Registers what watches queues.</summary>
public static class BacklogExtensions
{
    /// <summary>Adds <see cref="IQueueMonitor"/>, which is part of readiness.</summary>
    /// <param name="builder">The service, with its messaging.</param>
    /// <param name="queues">Queues of its own endpoints.</param>
    public static void AddQueueMonitor(this WebApplicationBuilder builder, params IReadOnlyList<string> queues)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<QueueMonitor>(services, queues));
        builder.Services.AddSingleton<IQueueMonitor>(services => services.GetRequiredService<QueueMonitor>());
        builder.Services.AddHostedService(services => services.GetRequiredService<QueueMonitor>());
        builder.Services.AddHealthChecks().AddCheck<QueueMonitor>("queues", tags: [HealthExtensions.Ready]);
    }
}
