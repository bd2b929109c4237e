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
        var found = new List<FoundMessage>();
        while (await channel.MessageCountAsync(Name, cancellationToken) is > 0 and var count)
            found.AddRange(await Take(channel, (int)count, cancellationToken));
        return found;
    }

    private async Task<List<FoundMessage>> Take(IChannel channel, int count, CancellationToken cancellationToken)
    {
        var found = new List<FoundMessage>(count);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            found.Add(new FoundMessage(int.Parse(message.BasicProperties.MessageId!, CultureInfo.InvariantCulture), message.Redelivered));
            if (found.Count == count)
                all.SetResult();
            return Task.CompletedTask;
        };
        var tag = await channel.BasicConsumeAsync(Name, autoAck: true, consumer, cancellationToken);
        await all.Task.WaitAsync(DrainTimeout, cancellationToken);
        await channel.BasicCancelAsync(tag, cancellationToken: cancellationToken);
        return found;
    }
}

/// <summary>A message that was still in a queue.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Redelivered">Whether a consumer had it before.</param>
internal sealed record FoundMessage(int Number, bool Redelivered);
