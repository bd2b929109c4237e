using MassTransit;
using MassTransit.Configuration;
using MassTransit.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>Gives each consumer and saga of an endpoint a <see cref="OrderScopeFilter{T}"/> for each of its messages that belong to an order.</summary>
/// <param name="partitioner">The endpoint's, which lives as long as the process.</param>
/// <param name="logger">Whose scopes name the order.</param>
/// <remarks>Not by MassTransit's <c>UseConsumeFilter</c>: that asks the container for a filter for each message, and these have no state.</remarks>
internal sealed class OrderScopes(IPartitioner partitioner, ILogger logger) : IConsumerConfigurationObserver, ISagaConfigurationObserver
{
    // More partitions than messages at work, so that two orders seldom share one.
    private const int PartitionsPerMessage = 16;

    /// <summary>Call it before the outbox: what waits for its turn must not hold a transaction.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="context">The bus's registrations.</param>
    /// <param name="messagesAtOnce">How many messages the endpoint works on at a time.</param>
    public static void Use(IReceiveEndpointConfigurator endpoint, IRegistrationContext context, int messagesAtOnce)
    {
        var partitioner = new Partitioner(messagesAtOnce * PartitionsPerMessage, new Murmur3UnsafeHashGenerator());
        var scopes = new OrderScopes(partitioner, context.GetRequiredService<ILogger<OrderScopes>>());
        endpoint.ConnectConsumerConfigurationObserver(scopes);
        endpoint.ConnectSagaConfigurationObserver(scopes);
    }

    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class
    {
    }

    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class
        where TMessage : class =>
        Add((IConsumerMessageConfigurator<TMessage>)configurator);

    public void SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator)
        where TSaga : class, ISaga
    {
    }

    public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
        where TInstance : class, ISaga, SagaStateMachineInstance
    {
    }

    public void SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator)
        where TSaga : class, ISaga
        where TMessage : class =>
        Add((ISagaMessageConfigurator<TMessage>)configurator);

    private void Add<T>(IPipeConfigurator<ConsumeContext<T>> message)
        where T : class
    {
        if (OrderIdOf<T>.Read is { } orderOf)
            message.AddPipeSpecification(new FilterPipeSpecification<ConsumeContext<T>>(new OrderScopeFilter<T>(orderOf, partitioner, logger)));
    }
}
