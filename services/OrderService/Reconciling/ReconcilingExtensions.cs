using MassTransit;
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
        builder.Services.AddScoped<Report>();
        builder.Services.AddScoped<Repairs>();
        builder.Services.AddHostedService<ReconciliationSchedule>();
    }

    public static void AddReconciliationAnswers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumerAt<ReconciliationAnswers>(ReconciliationAnswers.Queue);
}
