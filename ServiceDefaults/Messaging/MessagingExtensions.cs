using System.Data;
using System.Diagnostics;
using MassTransit;
using MassTransit.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Health;
using OrderSample.ServiceDefaults.Messaging.Backlog;
using OrderSample.ServiceDefaults.Messaging.Redelivery;
using OrderSample.ServiceDefaults.Messaging.Topology;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>The one place that says how messages travel between the services.</summary>
public static class MessagingExtensions
{
    /// <summary>How long a consumer that is busy may take to end, when its service stops or its connection is lost.</summary>
    internal static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Adds the bus on the broker at <see cref="BrokerAddress"/>. Messages published or sent in a request are stored with the
    /// request's SaveChanges and leave after it; each consumed message, unless it is taken in a batch, is one transaction of
    /// its inbox row, the consumer's changes and the messages it caused. The service starts, and stores, without the broker too.
    /// </summary>
    /// <typeparam name="TContext">The service's DbContext, with the outbox's entities.</typeparam>
    /// <param name="builder">The service.</param>
    /// <param name="database">Where <typeparamref name="TContext"/> stores.</param>
    /// <param name="addConsumers">Registers consumers and sagas, each with the name of its endpoint.</param>
    /// <param name="configureBus">What only this service's bus has.</param>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static void AddServiceMessaging<TContext>(this WebApplicationBuilder builder, IDatabaseProvider database,
        Action<IBusRegistrationConfigurator> addConsumers, Action<IBusFactoryConfigurator>? configureBus = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(addConsumers);
        var broker = new BrokerAddress(builder.Configuration);
        var options = builder.Configuration.GetSection(MessagingOptions.Section).Get<MessagingOptions>() ?? new MessagingOptions();

        builder.Services.AddOptions<MessagingOptions>().BindConfiguration(MessagingOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            host.WaitUntilStarted = false;
            host.StopTimeout = StopTimeout;
        });
        builder.Services.AddSingleton<IBusDepot, SteadyBusDepot>();
        broker.AddNodeWatch(builder.Services);
        builder.Services.AddSingleton<DeliveryReports>();
        builder.Services.AddHostedService<DeliveryReporter>();
        builder.AddOutboxMonitor<TContext>(options);
        var queues = new EndpointQueues(options.Queues);
        var exchanges = new EventExchanges();
        builder.AddTopologyWatch(broker, () => [.. new SharedQueues(options.Queues).Expected, .. queues.Expected, .. exchanges.Expected]);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetKebabCaseEndpointNameFormatter();
            bus.AddOutbox<TContext>(database, options);
            bus.AddConfigureEndpointsCallback((context, name, endpoint) =>
                endpoint.ApplyConventions<TContext>(context, name, options, queues, database));
            addConsumers(bus);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(broker.Uri, broker.Configure);
                // Named after the broker's user, who may declare what begins with that.
                rabbit.OverrideDefaultBusEndpointQueueName($"{broker.Uri.UserInfo.Split(':')[0]}-bus-{NewId.NextGuid():N}");
                rabbit.UseMessageFormat();
                rabbit.ConfigureSend(send => send.UseExecute(MakeMandatory));
                rabbit.ConfigurePublish(publish => publish.UseExecute(MakeMandatory));
                if (builder.IsTelemetryCollected())
                {
                    rabbit.ConfigureSend(send => send.UseExecute(KeepUnrecorded));
                    rabbit.ConfigurePublish(publish => publish.UseExecute(KeepUnrecorded));
                }

                rabbit.PublishTopology.ConnectPublishTopologyConfigurationObserver(exchanges);
                configureBus?.Invoke(rabbit);
                rabbit.ConfigureEndpoints(context);
            });
        });
    }

    /// <summary>Adds a consumer on the queue of that name; consumers with the same name share the queue.</summary>
    /// <typeparam name="TConsumer">The consumer.</typeparam>
    /// <param name="bus">The bus.</param>
    /// <param name="queue">The queue's name.</param>
    public static void AddConsumerAt<TConsumer>(this IBusRegistrationConfigurator bus, string queue)
        where TConsumer : class, IConsumer
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.AddConsumer<TConsumer>().Endpoint(endpoint => endpoint.Name = queue);
    }

    /// <summary>
    /// Adds a consumer of <see cref="Batch{T}"/> on the queue of that name. There is no transaction, inbox or outbox around
    /// a batch: MassTransit knows it by the id of its last message, so the inbox would drop the others of a batch that
    /// ends in a message it has seen. The consumer tells a repetition by keys of its own, and sends nothing.
    /// </summary>
    /// <typeparam name="TConsumer">The consumer.</typeparam>
    /// <param name="bus">The bus.</param>
    /// <param name="queue">The queue's name.</param>
    public static void AddBatchConsumerAt<TConsumer>(this IBusRegistrationConfigurator bus, string queue)
        where TConsumer : class, IConsumer
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.AddSingleton(new BatchEndpoint(queue));
        bus.AddConsumer<TConsumer>((context, consumer) =>
                consumer.Options<BatchOptions>(context.GetRequiredService<IOptions<MessagingOptions>>().Value.BatchOf(queue).Apply))
            .Endpoint(endpoint => endpoint.Name = queue);
    }

    /// <summary>
    /// What no queue takes is returned by the broker instead of being dropped. Of an event that is so only while the alternate exchange's queue is
    /// missing, too. An answer may have nobody who still waits for it.
    /// </summary>
    private static void MakeMandatory(SendContext context)
    {
        if (context.RequestId is null && context.TryGetPayload(out RabbitMqSendContext? message))
            message.Mandatory = true;
    }

    /// <summary>MassTransit passes on the trace of what is recorded only; to its receiver the rest would look like the beginning of a trace.</summary>
    private static void KeepUnrecorded(SendContext context)
    {
        if (Activity.Current is { Recorded: false, Id: { } unrecorded })
            context.Headers.Set(DiagnosticHeaders.ActivityId, unrecorded);
    }

    private static void AddTopologyWatch(this WebApplicationBuilder builder, BrokerAddress broker, Func<IEnumerable<OwnTopology>> own)
    {
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<TopologyWatch>(services, broker, own));
        builder.Services.AddHostedService(services => services.GetRequiredService<TopologyWatch>());
        builder.Services.AddHealthChecks().AddCheck<TopologyWatch>("topology", tags: [HealthExtensions.Ready]);
    }

    private static void AddOutboxMonitor<TContext>(this WebApplicationBuilder builder, MessagingOptions options)
        where TContext : DbContext
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<OutboxDeliveryView>();
        builder.Services.AddSingleton<MessagingMetrics>();
        builder.Services.AddSingleton<OutboxMonitor<TContext>>();
        builder.Services.AddSingleton<IOutboxMonitor>(services => services.GetRequiredService<OutboxMonitor<TContext>>());
        builder.Services.AddHostedService(services => services.GetRequiredService<OutboxMonitor<TContext>>());
        builder.Services.AddHealthChecks().AddCheck<OutboxMonitor<TContext>>("outbox", tags: [HealthExtensions.Ready]);
    }

    private static void AddOutbox<TContext>(this IBusRegistrationConfigurator bus, IDatabaseProvider database, MessagingOptions options)
        where TContext : DbContext
    {
        bus.AddEntityFrameworkOutbox<TContext>(outbox =>
        {
            database.Configure(outbox);
            // Keys and row locks order what must be ordered; a stricter level would only add serialization failures.
            outbox.IsolationLevel = IsolationLevel.ReadCommitted;
#if OFFICIAL_ENTITYFRAMEWORKCORE
            // What another process left behind is looked for as often as in the default build.
            outbox.QueryDelay = TimeSpan.FromSeconds(1);
            outbox.UseBusOutbox();
#else
            if (options.Endpoints.Values.Any(endpoint => endpoint.SharedTransactions is not null))
                outbox.ShareTransactions();
            outbox.UseBusOutbox(delivery =>
            {
                delivery.MaxDeliveryAttempts = options.Outbox.MaxAttempts;
                delivery.FirstRetryDelay = options.Outbox.FirstDelay;
                delivery.LongestRetryDelay = options.Outbox.LongestDelay;
            });
#endif
        });
    }
}
