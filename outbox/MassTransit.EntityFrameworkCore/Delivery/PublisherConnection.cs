using System.Collections.Concurrent;
using System.Net.Sockets;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using NotConfirmedException = RabbitMQ.Client.Exceptions.PublishException;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// One connection to the broker that only publishes, with confirms. When it breaks it is ended and never used again.
/// </summary>
/// <remarks>
/// The bus has a connection of its own. Apart from it, a consumer that is slow to finish when the broker goes away can't
/// keep a publisher from noticing, and the broker may slow down one without the other.
/// </remarks>
internal sealed class PublisherConnection : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The longest that an answer is waited for that is not a confirm. The client may lose one when a connection breaks (rabbitmq-dotnet-client's
    /// issue 1930), and all that waits behind it would wait for ever.
    /// </summary>
    internal static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A message that comes back costs many times what one does that is taken. So what goes the same way within this time is
    /// taken to come back as well, and not sent, unless it would be parked for that.
    /// </summary>
    private static readonly TimeSpan DeadEndTime = TimeSpan.FromSeconds(1);

    private const int MaxDeadEnds = 1_000;

    private readonly TimeProvider _time;
    private readonly ConfirmPatience _patience;
    private readonly IConnection _connection;
    private readonly PublishingChannel _publishing;
    private readonly CancellationTokenSource _ended = new();
    private readonly DestinationExchanges _exchanges;
    private readonly ConcurrentDictionary<(string Exchange, string RoutingKey), long> _deadEnds = new();
    private long _lastAnswer;

    private PublisherConnection(IRabbitMqHostConfiguration host, TimeProvider time, ConfirmPatience patience, IConnection connection, PublishingChannel publishing)
    {
        _time = time;
        _patience = patience;
        _connection = connection;
        _publishing = publishing;
        _exchanges = new DestinationExchanges(host, connection, time, _ended);
        _connection.ConnectionBlockedAsync += (_, blocked) =>
        {
            Blocked = blocked.Reason;
            return Task.CompletedTask;
        };
        _connection.ConnectionUnblockedAsync += (_, _) =>
        {
            Blocked = null;
            return Task.CompletedTask;
        };
    }

    public bool IsOpen => !_ended.IsCancellationRequested && _connection.IsOpen && _publishing.Current.IsOpen;

    /// <summary>Connects as the bus does: same address, same user.</summary>
    /// <exception cref="BrokerUnreachableException">Nobody listens there, or the broker refuses the user.</exception>
    /// <exception cref="TimeoutException">The broker did not answer.</exception>
    public static async Task<PublisherConnection> Open(IRabbitMqHostConfiguration host, TimeProvider time, ConfirmPatience patience, CancellationToken cancellationToken)
    {
        var settings = host.Settings;
        var factory = settings.GetConnectionFactory();
        await settings.Refresh(factory).WaitAsync(AnswerTimeout, time, cancellationToken);
        var name = $"{settings.ClientProvidedName ?? AppDomain.CurrentDomain.FriendlyName} outbox";
        var connection = await Connect(token => settings.EndpointResolver is { } resolver
            ? factory.CreateConnectionAsync(resolver, name, token)
            : factory.CreateConnectionAsync([settings.Host], name, token), time, cancellationToken);
        try
        {
            return new PublisherConnection(host, time, patience, connection, await PublishingChannel.Open(connection, time, cancellationToken));
        }
        catch
        {
            await Close(connection);
            throw;
        }
    }

    /// <summary>Why the broker takes nothing from this connection, a memory alarm for example; null while it does.</summary>
    public string? Blocked { get; private set; }

    /// <summary>Publishes a message and waits for the broker's confirm.</summary>
    /// <exception cref="Exception">Nothing that the broker or the network did.</exception>
    public async Task<DeliveryResult> Publish(Uri destination, OutgoingMessage message, TimeSpan timeout, bool isLastAttempt)
    {
        var started = _time.GetTimestamp();
        var patience = _patience.Now(timeout);
        var route = (Exchange: "", message.RoutingKey);
        var isDeclared = false;
        IChannel? channel = null;
        try
        {
            route.Exchange = await _exchanges.Of(destination).WaitAsync(timeout, _time);
            isDeclared = true;
            if (message.Mandatory && !isLastAttempt && _deadEnds.TryGetValue(route, out var returnedAt) && _time.GetElapsedTime(returnedAt) < DeadEndTime)
                return NoQueue(route.Exchange);
            channel = _publishing.Current;
            var confirm = channel.BasicPublishAsync(route.Exchange, message.RoutingKey, message.Mandatory, message.Properties, message.Body, _ended.Token).AsTask();
            try
            {
                await confirm.WaitAsync(patience, _time);
            }
            catch (TimeoutException) when (patience < timeout && !IsSilentSince(started))
            {
                await confirm.WaitAsync(timeout - patience, _time);
            }

            Volatile.Write(ref _lastAnswer, _time.GetTimestamp());
            _patience.Confirmed(_time.GetElapsedTime(started));
            return DeliveryResult.Confirmed;
        }
        catch (NoExchangeException exception)
        {
            return DeliveryResult.Refused(exception.Message);
        }
        catch (NotConfirmedException exception) when (exception.IsReturn)
        {
            if (_deadEnds.Count >= MaxDeadEnds)
                _deadEnds.Clear();
            _deadEnds[route] = _time.GetTimestamp();
            Volatile.Write(ref _lastAnswer, _time.GetTimestamp());
            return NoQueue(route.Exchange);
        }
        catch (NotConfirmedException)
        {
            Volatile.Write(ref _lastAnswer, _time.GetTimestamp());
            await ChangeChannel(channel!, timeout);
            return DeliveryResult.DestinationBusy("The broker refused the message for now, as it does when a queue is full.");
        }
        catch (TimeoutException) when (Blocked is { } reason)
        {
            return DeliveryResult.Outage($"The broker takes no messages: {reason}.");
        }
        catch (TimeoutException) when (IsSilentSince(started))
        {
            // Not this message alone: nothing at all was confirmed since. A connection can be dead without being closed.
            await _ended.CancelAsync();
            _patience.GaveUp(patience);
            return DeliveryResult.Outage($"The broker confirmed nothing within {_time.GetElapsedTime(started).TotalSeconds:0.#} s.");
        }
        catch (TimeoutException)
        {
            return DeliveryResult.DestinationBusy($"The broker did not confirm the message within {timeout.TotalSeconds:0.#} s, while it confirms others.");
        }
        catch (OperationInterruptedException exception) when (IsAboutAMessage(exception.ShutdownReason))
        {
            var reason = $"The broker closed the channel: {exception.ShutdownReason!.ReplyText}";
            // A declaration has a channel of its own, so that one is known to be to blame.
            return isDeclared ? DeliveryResult.ChannelClosed(reason) : DeliveryResult.Refused(reason);
        }
        catch (Exception exception) when (exception is OperationCanceledException or OperationInterruptedException or IOException or SocketException or ObjectDisposedException)
        {
            return DeliveryResult.Outage("The connection to the broker was lost before it confirmed the message.");
        }
    }

    /// <summary>Gives up what is still in flight and closes the connection, without ever waiting long for a broker that is not there.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Close(_connection);
        _exchanges.Dispose();
    }

    /// <summary>Nothing at all was answered: where other messages are, the connection is not to blame, and where the broker blocks, no connection is.</summary>
    private bool IsSilentSince(long started) => Blocked is null && Volatile.Read(ref _lastAnswer) < started;

    private async Task ChangeChannel(IChannel refusing, TimeSpan timeout)
    {
        try
        {
            await _publishing.Change(refusing, timeout, _ended.Token);
        }
        catch (Exception)
        {
            // No message is to blame, and one lost answer holds up all channels behind it.
            await _ended.CancelAsync();
        }
    }

    private static DeliveryResult NoQueue(string exchange) => DeliveryResult.Refused($"No queue is bound to the exchange {exchange} for this message.");

    /// <summary>Not allowed, not as declared, too large, not understood. An exchange that is gone is not among them: the next connection declares it anew.</summary>
    private static bool IsAboutAMessage(ShutdownEventArgs? shutdown) => shutdown is { Initiator: ShutdownInitiator.Peer }
        && shutdown.ReplyCode is Constants.AccessRefused or Constants.PreconditionFailed or Constants.ContentTooLarge or Constants.NotImplemented;

    private static async Task<IConnection> Connect(Func<CancellationToken, Task<IConnection>> connect, TimeProvider time, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var connecting = connect(giveUp.Token);
        try
        {
            return await connecting.WaitAsync(AnswerTimeout, time, cancellationToken);
        }
        catch
        {
            await giveUp.CancelAsync();
            _ = CloseLate(connecting);
            throw;
        }
    }

    /// <summary>Should a connection come after all that was given up, nobody wants it any more.</summary>
    private static async Task CloseLate(Task<IConnection> connecting)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully)
            await Close(await connecting);
    }

    private static async Task Close(IConnection connection)
    {
        try
        {
            await End().WaitAsync(CloseTimeout);
        }
        catch (Exception exception) when (exception is TimeoutException or ObjectDisposedException or IOException or AlreadyClosedException)
        {
            // It is gone one way or the other, and nobody has it any more.
        }

        // Goes on when nobody waits any more: the client takes five seconds and more for a broker that does not answer.
        async Task End()
        {
            await connection.AbortAsync(200, "Closed", CloseTimeout);
            await connection.DisposeAsync();
        }
    }
}
