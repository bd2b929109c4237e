using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Messaging;

namespace OrderSample.Backoffice.Console.Flow;

/// <summary>Registers what the page about the flow reads.</summary>
internal static class FlowPages
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // The broker itself counts every five seconds.
    private static readonly TimeSpan QueuesInterval = TimeSpan.FromSeconds(2);

    public static void AddFlowPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddManagementClient<BrokerQueues>();
        builder.Services.AddLiveFeed<Everything, IReadOnlyList<QueueReading>>("rabbitmq", QueuesInterval, (services, _, cancellationToken) =>
            services.GetRequiredService<BrokerQueues>().ReadAsync(cancellationToken));
        builder.Services.AddLiveFeed<string, OutboxFill>(service => service, Interval, (services, service, cancellationToken) =>
            services.GetRequiredService<AnyServiceClient>().ReadOutboxAsync(service, cancellationToken));

        builder.Services.AddSingleton<OrderHistory>();
        builder.Services.AddTransient<OrderCountsClient>();
        builder.Services.AddHostedService<OrderSampler>();
        builder.Services.AddLiveFeed<Everything, OrderTrend>(ServiceNames.Orders, Interval, (services, _, _) =>
            Task.FromResult(services.GetRequiredService<OrderHistory>().Read()));
    }
}
