using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrderSample.Bench.Confirms.Consuming;

/// <summary>Consumes one message after the other, and acknowledges as its kind says.</summary>
internal static class Consumption
{
    /// <param name="channel">Of the consumer's own.</param>
    /// <param name="queue">The queue's name.</param>
    /// <param name="kind">When to acknowledge.</param>
    /// <param name="work">What is to be done with a message.</param>
    /// <param name="cancellationToken">Ends the wait for the broker's answer.</param>
    public static async Task Begin(IChannel channel, string queue, AckKind kind, Func<BasicDeliverEventArgs, Task> work, CancellationToken cancellationToken)
    {
        await channel.BasicQosAsync(0, kind.Prefetch, global: false, cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            if (kind.Time == AckTime.BeforeWork)
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
            await work(message);
            if (kind.Time == AckTime.AfterWork)
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(queue, autoAck: kind.Time == AckTime.OnDelivery, consumer, cancellationToken);
    }
}
