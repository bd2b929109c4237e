using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Hands stored messages to the broker.</summary>
internal interface IMessagePublisher
{
    /// <summary>Waits until messages can be handed over, however long the broker is away.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    ValueTask Connected(CancellationToken cancellationToken);

    /// <summary>Publishes one message and waits until the broker has it.</summary>
    /// <param name="message">The row.</param>
    /// <param name="timeout">How long that may take.</param>
    /// <param name="isLastAttempt">Whether the message is parked if nobody takes it; it is not judged by others then.</param>
    /// <returns>What became of it; a failure is told, not thrown.</returns>
    Task<DeliveryResult> Publish(OutboxMessage message, TimeSpan timeout, bool isLastAttempt);

    /// <summary>The one for the bus's transport: RabbitMQ by a connection of its own, any other by the bus.</summary>
    static IMessagePublisher For(IServiceProvider provider) =>
        provider.GetRequiredService<IBusInstance>().HostConfiguration is IRabbitMqHostConfiguration
            ? ActivatorUtilities.CreateInstance<MessagePublisher>(provider)
            : ActivatorUtilities.CreateInstance<BusMessagePublisher>(provider);
}
