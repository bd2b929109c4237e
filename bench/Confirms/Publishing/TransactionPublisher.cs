using RabbitMQ.Client;

namespace OrderSample.Bench.Confirms.Publishing;

/// <summary>AMQP transactions: tx.select once, then a tx.commit for so many messages.</summary>
internal sealed class TransactionPublisher : Publisher
{
    private readonly List<int> _open = [];
    private readonly int _size;

    private TransactionPublisher(IChannel channel, string queue, int size)
        : base(channel, queue, mandatory: false) => _size = size;

    public static async Task<Publisher> Open(IConnection connection, string queue, int size, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.TxSelectAsync(cancellationToken);
        return new TransactionPublisher(channel, queue, size);
    }

    public override async Task Publish(int number, CancellationToken cancellationToken)
    {
        await Send(number, cancellationToken);
        _open.Add(number);
        if (_open.Count == _size)
            await Complete(cancellationToken);
    }

    public override async Task Complete(CancellationToken cancellationToken)
    {
        if (_open.Count == 0)
            return;
        await Channel.TxCommitAsync(cancellationToken);
        _open.ForEach(Believed.Enqueue);
        _open.Clear();
    }
}
