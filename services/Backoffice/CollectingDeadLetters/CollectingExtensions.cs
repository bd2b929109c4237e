using OrderSample.Backoffice.Messaging;
using OrderSample.ServiceDefaults.Health;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Registers the collection of dead letters.</summary>
internal static class CollectingExtensions
{
    public static void AddCollectingDeadLetters(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DeadLetterOptions>().BindConfiguration(DeadLetterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<BrokerConnections>();
        builder.Services.AddSingleton<CollectorState>();
        builder.Services.AddSingleton<DeadLetterArchive>();
        builder.Services.AddSingleton<ManagementNodes>();
        builder.Services.AddTransient<AnyNodeHandler>();
        builder.Services.AddManagementClient<DeadLetterQueues>();
        builder.Services.AddHostedService<DeadLetterCollector>();
        builder.Services.AddHealthChecks().AddCheck<CollectorHealthCheck>("dead-letters", tags: [HealthExtensions.Ready]);
    }
}
