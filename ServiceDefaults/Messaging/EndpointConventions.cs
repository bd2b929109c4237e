using MassTransit;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.ServiceDefaults.Chaos;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging.Redelivery;
using OrderSample.ServiceDefaults.Messaging.Replays;
using OrderSample.ServiceDefaults.Messaging.Topology;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>What a message meets at every endpoint on its way to the consumer, from the outside in.</summary>
internal static class EndpointConventions
{
    /// <summary>Sets up one endpoint.</summary>
    public static void ApplyConventions<TContext>(this IReceiveEndpointConfigurator endpoint, IRegistrationContext context,
        string name, MessagingOptions options, EndpointQueues queues, IDatabaseProvider database)
        where TContext : DbContext
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
        {
            var delays = new DelayQueues(name, options.Redelivery.DelaysOrDefault, options.Queues);
            queues.Configure(queue, delays);
            queue.ConfigureChannel(channel =>
            {
                channel.UseFilter(ActivatorUtilities.CreateInstance<LostConnectionFilter>(context, name));
                channel.UseFilter(new SharedQueues(options.Queues));
                channel.UseFilter(delays);
            });
            endpoint.ConfigureError(error =>
            {
                // Marks the message as faulted; what failed before it reached its consumer would count as skipped otherwise.
                error.UseFilter(new GenerateFaultFilter());
                error.UseFilter(new OwnFailureFilter());
                error.UseFilter(ActivatorUtilities.CreateInstance<RedeliveryFilter>(context, name, delays));
                error.UseFilter(new ErrorTransportFilter());
            });
        }

        endpoint.PrefetchCount = options.PrefetchCountOf(name);
        endpoint.ConcurrentMessageLimit = options.ConcurrentMessageLimitOf(name);
        // Nobody subscribes to faults here: what fails for good is in the endpoint's _error queue.
        endpoint.PublishFaults = false;
        options.KillSwitchOf(name).Apply(endpoint, database);
        // Outside of retries, outbox and inbox: what comes back from there is committed.
        endpoint.UseFilter(ActivatorUtilities.CreateInstance<HandledReplayFilter>(context, name));
        endpoint.UseFilter(ActivatorUtilities.CreateInstance<UnacknowledgedFilter>(context, name));
        OrderScopes.Use(endpoint, context, options.ConcurrentMessageLimitOf(name));
        // Outside of the outbox, so that every attempt starts a transaction of its own.
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(exception =>
                exception is TransientFailureException and not PartOfBatchFailedException || database.IsWorthAnotherTry(exception));
            if (options.Retry.Limit == 0)
                retry.None();
            else
                retry.Exponential(options.Retry.Limit, options.Retry.First, options.Retry.Longest, options.Retry.First);
        });
        if (!context.GetServices<BatchEndpoint>().Any(batch => batch.Queue == name))
            endpoint.UseEntityFrameworkOutbox<TContext>(context);
#if !OFFICIAL_ENTITYFRAMEWORKCORE
        if (options.SharedTransactionsOf(name) is { } shared)
            endpoint.UseSharedTransactions<TContext>(context, shared.Messages, shared.AtOnce);
#endif
        endpoint.UseChaos(context);
    }
}

/// <summary>An endpoint that takes its messages in batches.</summary>
/// <param name="Queue">Its queue.</param>
internal sealed record BatchEndpoint(string Queue);
