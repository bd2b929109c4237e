using RabbitMQ.Client;

namespace OrderSample.Bench.Confirms.Publishing;

/// <summary>No confirm: what was written to the socket is taken for safe.</summary>
internal sealed class HopefulPublisher : Publisher
{
    private HopefulPublisher(IChannel channel, string queue)
        : base(channel, queue, mandatory: false)
    {
    }

    public static async Task<Publisher> Open(IConnection connection, string queue, CancellationToken cancellationToken) =>
        new HopefulPublisher(await connection.CreateChannelAsync(cancellationToken: cancellationToken), queue);

    public override async Task Publish(int number, CancellationToken cancellationToken)
    {
        await Send(number, cancellationToken);
        Believed.Enqueue(number);
    }

    /// <summary>A channel's methods are handled in order, so an answer means that the broker has read what came before.</summary>
    public override async Task Complete(CancellationToken cancellationToken) => await Channel.ExchangeDeclarePassiveAsync("amq.direct", cancellationToken);
}
