using System.Collections.Concurrent;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.RabbitMqTransport.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>The exchanges that a connection publishes to: each is there before the first message goes to it.</summary>
/// <param name="host">The bus's topology says what they are like.</param>
/// <param name="connection">Where they are declared, each on a channel of its own.</param>
/// <param name="time">The clock.</param>
/// <param name="ended">Cancelled when the connection ends; and here, when the broker does not answer: the connection is of no use then.</param>
internal sealed class DestinationExchanges(IRabbitMqHostConfiguration host, IConnection connection, TimeProvider time, CancellationTokenSource ended) : IDisposable
{
    private readonly ConcurrentDictionary<Uri, Lazy<Task<string>>> _declared = new();
    private readonly SemaphoreSlim _declaring = new(1);

    /// <summary>The exchange behind an address, declared once on this connection with what the bus's topology says of it.</summary>
    /// <exception cref="NoExchangeException">There is none, and this service may not declare it.</exception>
    /// <exception cref="OperationInterruptedException">The broker refuses it as it is to be declared.</exception>
    /// <exception cref="TimeoutException">The broker did not answer.</exception>
    /// <exception cref="OperationCanceledException">The connection has ended.</exception>
    public async Task<string> Of(Uri destination)
    {
        var declared = _declared.GetOrAdd(destination, address => new Lazy<Task<string>>(() => Declare(address)));
        try
        {
            return await declared.Value;
        }
        catch (Exception exception)
        {
            _declared.TryRemove(new(destination, declared));
            // One lost answer holds up all declarations behind it.
            if (exception is TimeoutException or OperationCanceledException)
                await ended.CancelAsync();
            throw;
        }
    }

    public void Dispose() => _declaring.Dispose();

    // On a channel of its own: the broker closes a channel on which a declaration fails, with all that is in flight there.
    private async Task<string> Declare(Uri destination)
    {
        var settings = host.Topology.SendTopology.GetSendSettings(new RabbitMqEndpointAddress(host.HostAddress, destination));
        var topology = settings.GetBrokerTopology();
        await _declaring.WaitAsync(ended.Token);
        try
        {
            await Declare(topology).WaitAsync(PublisherConnection.AnswerTimeout, time, ended.Token);
        }
        finally
        {
            _declaring.Release();
        }

        return settings.ExchangeName;
    }

    private async Task Declare(BrokerTopology topology)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ended.Token);
        foreach (var queue in topology.Queues)
            await channel.QueueDeclareAsync(queue.QueueName, queue.Durable, queue.Exclusive, queue.AutoDelete, queue.QueueArguments!, cancellationToken: ended.Token);
        // What is there may belong to another service, which alone is allowed to declare it.
        foreach (var exchange in topology.Exchanges)
        {
            if (await Exists(exchange.ExchangeName))
                continue;
            try
            {
                await channel.ExchangeDeclareAsync(exchange.ExchangeName, exchange.ExchangeType, exchange.Durable, exchange.AutoDelete, exchange.ExchangeArguments!, cancellationToken: ended.Token);
            }
            catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.AccessRefused)
            {
                // What the broker says is about rights; what a person has to know is that the exchange is gone.
                throw new NoExchangeException(exchange.ExchangeName, exception);
            }
        }

        foreach (var binding in topology.QueueBindings)
            await channel.QueueBindAsync(binding.Destination.QueueName, binding.Source.ExchangeName, binding.RoutingKey, binding.Arguments!, cancellationToken: ended.Token);
        foreach (var binding in topology.ExchangeBindings)
            await channel.ExchangeBindAsync(binding.Destination.ExchangeName, binding.Source.ExchangeName, binding.RoutingKey, binding.Arguments!, cancellationToken: ended.Token);
    }

    private async Task<bool> Exists(string exchange)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ended.Token);
        try
        {
            await channel.ExchangeDeclarePassiveAsync(exchange, ended.Token);
            return true;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
        }
    }
}

/// <summary>An exchange is gone, and only the service that owns it may declare it.</summary>
internal sealed class NoExchangeException(string name, Exception inner)
    : Exception($"There is no exchange {name}, and only the service that owns it may declare it.", inner);
