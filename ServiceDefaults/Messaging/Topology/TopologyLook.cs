using MassTransit.RabbitMqTransport.Topology;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>One comparison of what is at the broker with what this service is configured for.</summary>
/// <param name="connection">To the broker. Its user closes it, and with it the channel of the look.</param>
/// <param name="before">What the look before has found.</param>
/// <param name="mends">Whether what is missing is declared. Before the bus starts it is not: the bus does it.</param>
/// <param name="logger">Told what was mended.</param>
/// <param name="cancellationToken">Gives up.</param>
internal sealed class TopologyLook(IConnection connection, TopologyFindings before, bool mends, ILogger logger, CancellationToken cancellationToken)
{
    private readonly HashSet<string> _seen = [.. before.Seen];
    private readonly HashSet<string> _withoutConsumer = [];
    private readonly List<TopologyProblem> _problems = [];
    private IChannel? _channel;

    /// <summary>What was found so far.</summary>
    public TopologyFindings Findings => new(_seen, _withoutConsumer);

    /// <summary>What can't be mended.</summary>
    public IReadOnlyList<TopologyProblem> Problems => _problems;

    /// <exception cref="OperationInterruptedException">The broker did not answer to the end.</exception>
    public async Task LookAt(OwnTopology part)
    {
        List<Thing> things = [.. part.Topology.Exchanges.Select(OfExchange), .. part.Topology.Queues.Select(OfQueue)];
        // The broker notes in its log that it was asked for what does not exist.
        if (part.MadeWhenNeeded && mends && !things.Exists(thing => _seen.Contains(thing.Name)))
            return;

        var missing = new HashSet<Thing>();
        foreach (var thing in things)
        {
            if (await Ask(thing.Find) is not null)
                missing.Add(thing);
        }

        foreach (var thing in things.Where(thing => mends || !missing.Contains(thing)))
            await Declare(thing, missing.Contains(thing));
        if (mends)
            await Bind(part.Topology);
        if (part.IsConsumed)
            SayWhatNobodyConsumes(part.Topology);
    }

    /// <summary>At the second look in a row: an endpoint rests for some seconds when what it needs fails, and needs a moment to come back after an outage.</summary>
    private void SayWhatNobodyConsumes(BrokerTopology topology) =>
        _problems.AddRange(topology.Queues.Select(queue => queue.QueueName)
            .Where(queue => _withoutConsumer.Contains(queue) && before.WithoutConsumer.Contains(queue)).Select(TopologyProblem.NobodyConsumes));

    private async Task Find(string queue, IChannel channel)
    {
        if ((await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).ConsumerCount == 0)
            _withoutConsumer.Add(queue);
    }

    private async Task Declare(Thing thing, bool wasMissing)
    {
        if (await Ask(thing.Declare) is { } refusal)
            _problems.Add(TopologyProblem.Of(thing.Name, refusal));
        // What was never there before is not mended: the service has just started.
        else if (!_seen.Add(thing.Name) && wasMissing)
            logger.LogWarning("The {Thing} was missing at the broker and was declared anew", thing.Name);
    }

    /// <summary>
    /// Always: an exchange that another service has declared anew looks as before, and has none. The broker tells only its administrators which
    /// bindings there are, so nothing is said about those that were missing.
    /// </summary>
    private async Task Bind(BrokerTopology topology)
    {
        foreach (var binding in topology.QueueBindings)
        {
            await Bind(binding.Source.ExchangeName, $"queue {binding.Destination.QueueName}", channel =>
                channel.QueueBindAsync(binding.Destination.QueueName, binding.Source.ExchangeName, binding.RoutingKey, binding.Arguments!, cancellationToken: cancellationToken));
        }

        foreach (var binding in topology.ExchangeBindings)
        {
            await Bind(binding.Source.ExchangeName, $"exchange {binding.Destination.ExchangeName}", channel =>
                channel.ExchangeBindAsync(binding.Destination.ExchangeName, binding.Source.ExchangeName, binding.RoutingKey, binding.Arguments!, cancellationToken: cancellationToken));
        }
    }

    private async Task Bind(string source, string destination, Func<IChannel, Task> bind)
    {
        if (await Ask(bind) is { } refusal)
            _problems.Add(TopologyProblem.Of($"binding of the exchange {source} to the {destination}", refusal));
    }

    /// <returns>Why the broker refuses; null when it does not.</returns>
    private async Task<ShutdownEventArgs?> Ask(Func<IChannel, Task> question)
    {
        try
        {
            _channel ??= await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await question(_channel);
            return null;
        }
        catch (OperationInterruptedException exception) when (IsAboutTheQuestion(exception.ShutdownReason))
        {
            // The broker has closed the channel with it.
            _channel = null;
            return exception.ShutdownReason;
        }
    }

    private static bool IsAboutTheQuestion(ShutdownEventArgs? shutdown) =>
        shutdown?.ReplyCode is Constants.NotFound or Constants.PreconditionFailed or Constants.AccessRefused or Constants.ResourceLocked;

    private Thing OfExchange(Exchange exchange) => new($"exchange {exchange.ExchangeName}",
        channel => channel.ExchangeDeclarePassiveAsync(exchange.ExchangeName, cancellationToken),
        channel => channel.ExchangeDeclareAsync(exchange.ExchangeName, exchange.ExchangeType, exchange.Durable, exchange.AutoDelete,
            exchange.ExchangeArguments!, cancellationToken: cancellationToken));

    private Thing OfQueue(Queue queue) => new($"queue {queue.QueueName}",
        channel => Find(queue.QueueName, channel),
        channel => channel.QueueDeclareAsync(queue.QueueName, queue.Durable, queue.Exclusive, queue.AutoDelete, queue.QueueArguments!, cancellationToken: cancellationToken));

    /// <summary>A queue or an exchange.</summary>
    /// <param name="Name">What it is called in messages.</param>
    /// <param name="Find">Is refused when it is not there.</param>
    /// <param name="Declare">Changes nothing where it is there; the broker only compares.</param>
    private sealed record Thing(string Name, Func<IChannel, Task> Find, Func<IChannel, Task> Declare);
}

/// <summary>What a look hands on to the next.</summary>
/// <param name="Seen">Queues and exchanges that there were, at this look or an earlier one.</param>
/// <param name="WithoutConsumer">Queues from which nobody consumed.</param>
internal sealed record TopologyFindings(IReadOnlyCollection<string> Seen, IReadOnlyCollection<string> WithoutConsumer)
{
    public static TopologyFindings None { get; } = new([], []);
}
