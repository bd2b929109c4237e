using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>Declares what the bus itself does not.</summary>
internal static class DeclaringExtensions
{
    private static readonly Dictionary<string, object> None = [];

    /// <summary>Declares a durable queue, and an exchange of the same name that leads to it.</summary>
    /// <exception cref="TimeoutException">The broker did not answer within <see cref="BrokerAddress.AnswerTimeout"/>; the endpoint connects anew.</exception>
    public static Task DeclareQueueWithExchange(this ChannelContext channel, string name, Dictionary<string, object> arguments)
    {
        var cancelled = channel.CancellationToken;
        return Declare().WaitAsync(BrokerAddress.AnswerTimeout, cancelled);

        async Task Declare()
        {
            await channel.ExchangeDeclare(name, ExchangeType.Fanout, durable: true, autoDelete: false, None, cancelled);
            await channel.QueueDeclare(name, durable: true, exclusive: false, autoDelete: false, arguments, cancelled);
            await channel.QueueBind(name, name, "", None, cancelled);
        }
    }
}
