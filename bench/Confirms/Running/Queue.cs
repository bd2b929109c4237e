using System.Globalization;
using OrderSample.Bench.Confirms.Publishing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrderSample.Bench.Confirms.Running;

/// <summary>What a queue is stored as.</summary>
internal enum QueueKind
{
    /// <summary>On one node.</summary>
    Classic,

    /// <summary>On a majority of a cluster's nodes; here the only one.</summary>
    Quorum,
}

/// <summary>A durable queue that one measurement uses.</summary>
/// <param name="Kind">What it is stored as.</param>
/// <param name="Name">What the broker knows it by.</param>
internal sealed record Queue(QueueKind Kind, string Name)
{
    private const int FillInFlight = 500;
    private const ushort DrainPrefetch = 500;
    private const int LastNumber = -1;
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromMinutes(1);

    /// <param name="connection">To the broker.</param>
    /// <param name="kind">What it is to be stored as.</param>
    /// <param name="maxLength">What it takes before it refuses more, in messages; null for no limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Queue> Declare(IConnection connection, QueueKind kind, int? maxLength, CancellationToken cancellationToken)
    {
        var queue = new Queue(kind, $"{kind}-{Guid.NewGuid():N}".ToLowerInvariant());
        var arguments = new Dictionary<string, object?> { [Headers.XQueueType] = kind == QueueKind.Quorum ? "quorum" : "classic" };
        if (maxLength is not null)
        {
            arguments[Headers.XMaxLength] = maxLength;
            arguments[Headers.XOverflow] = "reject-publish";
        }

        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(queue.Name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
        return queue;
    }

    public async Task Delete(IConnection connection, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeleteAsync(Name, cancellationToken: cancellationToken);
    }

    /// <summary>Puts messages with the numbers from 0 on into it, confirmed.</summary>
    public async Task Fill(IConnection connection, int count, CancellationToken cancellationToken)
    {
        await using var publisher = await ConfirmedPublisher.Open(connection, Name, FillInFlight, mandatory: true, cancellationToken);
        for (var number = 0; number < count; number++)
            await publisher.Publish(number, cancellationToken);
        await publisher.Complete(cancellationToken);
        if (publisher.Believed.Count != count)
            throw new InvalidOperationException($"The broker confirmed {publisher.Believed.Count} of {count} messages.");
    }

    /// <summary>Takes everything out, and says which messages there were.</summary>
    public async Task<IReadOnlyList<FoundMessage>> Drain(IConnection connection, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.BasicQosAsync(0, DrainPrefetch, global: false, cancellationToken);
        var found = new List<FoundMessage>();
        var empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            var number = int.Parse(message.BasicProperties.MessageId!, CultureInfo.InvariantCulture);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
            if (number == LastNumber)
                empty.SetResult();
            else
                found.Add(new FoundMessage(number, message.Redelivered));
        };
        await channel.BasicConsumeAsync(Name, autoAck: false, consumer, cancellationToken);
        await PublishLast(connection, cancellationToken);
        await empty.Task.WaitAsync(DrainTimeout, cancellationToken);
        return found;
    }

    /// <summary>What comes before it in the queue is all that was there: a count can be read too early, after a restart.</summary>
    private async Task PublishLast(IConnection connection, CancellationToken cancellationToken)
    {
        await using var publisher = await ConfirmedPublisher.Open(connection, Name, limit: 1, mandatory: true, cancellationToken);
        // A full queue refuses it until there is room.
        while (publisher.Believed.IsEmpty)
        {
            await publisher.Publish(LastNumber, cancellationToken);
            await publisher.Complete(cancellationToken);
        }
    }
}

/// <summary>A message that was still in a queue.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Redelivered">Whether a consumer had it before.</param>
internal sealed record FoundMessage(int Number, bool Redelivered);
