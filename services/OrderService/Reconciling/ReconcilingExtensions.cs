using MassTransit;
using OrderSample.ServiceDefaults.Health;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.OrderService.Reconciling;

/// <summary>Registers reconciliation.</summary>
internal static class ReconcilingExtensions
{
    public static void AddReconciling(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReconciliationOptions>().BindConfiguration(ReconciliationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScoped<Reconciliation>();
        builder.Services.AddScoped<OwnLedgers>();
        builder.Services.AddScoped<Arrivals>();
        builder.Services.AddScoped<Report>();
        builder.Services.AddScoped<Repairs>();
        builder.Services.AddSingleton<ReconciliationMonitor>();
        builder.Services.AddHealthChecks().AddCheck<ReconciliationMonitor>("reconciliation", tags: [HealthExtensions.Ready]);
        builder.Services.AddHostedService<ReconciliationSchedule>();
    }

    public static void AddReconciliationAnswers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumerAt<ReconciliationAnswers>(ReconciliationAnswers.Queue);
}
