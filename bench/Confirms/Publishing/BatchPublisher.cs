using RabbitMQ.Client;

namespace OrderSample.Bench.Confirms.Publishing;

/// <summary>Confirms, a batch at a time: nothing of the next batch is sent before all of this one is confirmed.</summary>
internal sealed class BatchPublisher : Publisher
{
    private readonly List<(int Number, Task Confirmed)> _batch = [];
    private readonly int _size;

    private BatchPublisher(IChannel channel, string queue, int size)
        : base(channel, queue, mandatory: false) => _size = size;

    public static async Task<Publisher> Open(IConnection connection, string queue, int size, CancellationToken cancellationToken) =>
        new BatchPublisher(await connection.CreateChannelAsync(WithConfirms, cancellationToken), queue, size);

    public override async Task Publish(int number, CancellationToken cancellationToken)
    {
        _batch.Add((number, Send(number, cancellationToken).AsTask()));
        if (_batch.Count == _size)
            await Complete(cancellationToken);
    }

    public override async Task Complete(CancellationToken cancellationToken)
    {
        foreach (var (number, confirmed) in _batch)
        {
            await confirmed;
            Believed.Enqueue(number);
        }

        _batch.Clear();
    }
}
