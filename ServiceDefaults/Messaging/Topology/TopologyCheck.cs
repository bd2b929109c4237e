using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>
/// Compares queues and exchanges at the broker with what this service is configured for, before the bus starts. They can't
/// be given other arguments, so the service ends with a message that names the queue, the argument and the way out.
/// </summary>
/// <remarks>A broker that is away is no reason not to start: then the check is made when it is there.</remarks>
internal sealed class TopologyCheck(
    BrokerAddress broker, EndpointQueues queues, EventExchanges exchanges, IServiceProvider services, IHostApplicationLifetime lifetime,
    TimeProvider time, ILogger<TopologyCheck> logger) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private bool _done;
    private bool _warned;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // Building the bus is what makes its endpoints known.
        services.GetRequiredService<IBusInstance>();
        _done = await TryCheckAsync(cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!_done)
            {
                await Task.Delay(RetryDelay, time, stoppingToken);
                _done = await TryCheckAsync(stoppingToken);
            }
        }
        catch (BrokerTopologyException exception)
        {
            logger.LogCritical("{Problem}", exception.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    /// <returns>False when the broker can't be reached.</returns>
    /// <exception cref="BrokerTopologyException">A queue or an exchange has other arguments.</exception>
    private async Task<bool> TryCheckAsync(CancellationToken cancellationToken)
    {
        IConnection? connection = null;
        try
        {
            connection = await broker.ConnectAsync($"{AppDomain.CurrentDomain.FriendlyName} topology", cancellationToken);
            await CompareAllAsync(connection, cancellationToken).WaitAsync(BrokerAddress.AnswerTimeout, cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is (BrokerUnreachableException or AlreadyClosedException
            or OperationInterruptedException or IOException or TimeoutException or OperationCanceledException))
        {
            // Once: it is tried every second for as long as the broker is away.
            logger.Log(_warned ? LogLevel.Debug : LogLevel.Warning, "The queues can't be checked yet: {Problem}", exception.GetBaseException().Message);
            _warned = true;
            return false;
        }
        finally
        {
            if (connection is not null)
                await BrokerAddress.CloseAsync(connection);
        }
    }

    private async Task CompareAllAsync(IConnection connection, CancellationToken cancellationToken)
    {
        foreach (var (queue, arguments) in queues.Expected)
        {
            await CompareAsync(connection, $"queue {queue}",
                channel => channel.QueueDeclarePassiveAsync(queue, cancellationToken),
                channel => channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments!, cancellationToken: cancellationToken),
                cancellationToken);
        }

        foreach (var exchange in exchanges.Expected)
        {
            await CompareAsync(connection, $"exchange {exchange.ExchangeName}",
                channel => channel.ExchangeDeclarePassiveAsync(exchange.ExchangeName, cancellationToken),
                channel => channel.ExchangeDeclareAsync(exchange.ExchangeName, exchange.ExchangeType, exchange.Durable, exchange.AutoDelete,
                    exchange.ExchangeArguments!, cancellationToken: cancellationToken),
                cancellationToken);
        }
    }

    /// <param name="connection">To the broker, which closes a channel on which a declaration fails: each has one of its own.</param>
    /// <param name="thing">What is compared.</param>
    /// <param name="find">Fails when it is not there.</param>
    /// <param name="declare">Changes nothing where it is there; the broker only compares.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private static async Task CompareAsync(IConnection connection, string thing, Func<IChannel, Task> find, Func<IChannel, Task> declare, CancellationToken cancellationToken)
    {
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await find(channel);
            await declare(channel);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            // It will be made as configured.
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
        {
            throw new BrokerTopologyException(thing, exception.ShutdownReason.ReplyText);
        }
    }
}

/// <summary>A queue or an exchange at the broker is not as this service is configured.</summary>
/// <param name="thing">Which.</param>
/// <param name="difference">The broker's words, which name the argument and both values.</param>
internal sealed class BrokerTopologyException(string thing, string difference) : Exception(
    $"""
    The {thing} exists with other arguments than this service asks for. The broker says: {difference}
    Arguments can't be changed. Either set Messaging:Queues back to what the queue has, if it is that, or replace it: stop the services, let the
    queue run empty or move its messages (docs/handbook/durability.md), delete it, and start again. An exchange holds no messages.
    In a demo whose data may go, a start with --fresh does it.
    """);
