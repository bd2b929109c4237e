using Microsoft.Extensions.Options;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.Messaging;
using OrderSample.ServiceDefaults.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrderSample.Backoffice.ReplayingDeadLetters;

/// <summary>Why the broker has not taken a replay.</summary>
/// <param name="CanPass">Whether the same may succeed later without anything being mended.</param>
/// <param name="Text">For people.</param>
internal sealed record ReplayProblem(bool CanPass, string Text);

/// <summary>Publishes dead letters to where they belong, and waits for the broker to confirm that it has them.</summary>
internal sealed class ReplayPublisher(BrokerConnections broker, IOptions<DeadLetterOptions> options, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan ShortestUse = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _timeout = options.Value.ConfirmTimeout;
    private readonly SemaphoreSlim _connecting = new(1);
    private IConnection? _connection;
    private IChannel? _channel;
    private long _openedAt;

    /// <summary>Publishes one; its number is <see cref="DeadLetter.LastReplay"/>. Can't be cancelled on its way: it ends within the timeout.</summary>
    /// <returns>Null when the broker has confirmed it.</returns>
    public async Task<ReplayProblem?> PublishAsync(DeadLetter letter)
    {
        if (letter.Exchange is not { } exchange)
            return new ReplayProblem(CanPass: false, "Nothing says where this message belongs.");

        using var timeout = new CancellationTokenSource(_timeout, time);
        IChannel? channel = null;
        try
        {
            channel = await ChannelAsync(timeout.Token);
            await channel.BasicPublishAsync(exchange, letter.RoutingKey, mandatory: true, Properties(letter), letter.Body, timeout.Token).AsTask().WaitAsync(timeout.Token);
            return null;
        }
        catch (PublishException exception) when (exception.IsReturn)
        {
            return new ReplayProblem(CanPass: false, exchange.Length == 0
                ? $"There is no queue {letter.RoutingKey}."
                : $"No queue is bound to the exchange {exchange} for this message.");
        }
        catch (PublishException)
        {
            LeaveForAnother(channel!);
            return new ReplayProblem(CanPass: true, "The broker refused the message, for example because its queue is full.");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return new ReplayProblem(CanPass: true, $"The broker did not confirm the message within {_timeout.TotalSeconds:0.#} s; it may have taken it.");
        }
        catch (Exception exception) when (exception is BrokerUnreachableException or OperationInterruptedException or OperationCanceledException or IOException or TimeoutException)
        {
            // The broker closes a channel on which something is published to where it can't go.
            return channel?.CloseReason?.ReplyCode switch
            {
                Constants.NotFound => new ReplayProblem(CanPass: false, $"There is no exchange {exchange}."),
                Constants.AccessRefused => new ReplayProblem(CanPass: false, $"The backoffice may not publish to the exchange {exchange}."),
                _ => new ReplayProblem(CanPass: true, $"The broker can't be reached ({exception.GetBaseException().Message})."),
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await BrokerAddress.CloseAsync(_connection);
        _connecting.Dispose();
    }

    /// <summary>As it came, but for what tells of its failure, and with the case it belongs to.</summary>
    internal static BasicProperties Properties(DeadLetter letter)
    {
        var properties = letter.Properties.ToBasicProperties(letter.MessageId);
        foreach (var name in properties.Headers!.Keys.Where(CaseHeaders.TellsOfFailure).ToList())
            properties.Headers.Remove(name);
        properties.Headers[CaseHeaders.CaseId] = letter.Id;
        properties.Headers[CaseHeaders.Replay] = letter.LastReplay;
        return properties;
    }

    /// <summary>The next one gets another channel, which may take what this one refuses: the outbox's PublishingChannel says why.</summary>
    private void LeaveForAnother(IChannel refusing)
    {
        // A full queue refuses a whole batch on any channel.
        if (time.GetElapsedTime(_openedAt) >= ShortestUse && Interlocked.CompareExchange(ref _channel, null, refusing) == refusing)
            _ = CloseAsync(refusing);
    }

    /// <summary>Once nothing can be in flight on it any more.</summary>
    private async Task CloseAsync(IChannel channel)
    {
        await Task.Delay(_timeout + ShortestUse, time);
        await channel.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            if (_connection is not { IsOpen: true })
            {
                if (_connection is not null)
                    await BrokerAddress.CloseAsync(_connection);
                _connection = null;
                _connection = await broker.OpenAsync("replays", cancellationToken);
            }

            if (_channel is not { IsOpen: true })
            {
                // Without the client's rate limiter, which delays long before its limit: the size of a batch bounds what is in flight.
                _channel = await _connection.CreateChannelAsync(new CreateChannelOptions(
                    publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken).WaitAsync(cancellationToken);
                _openedAt = time.GetTimestamp();
            }

            return _channel;
        }
        finally
        {
            _connecting.Release();
        }
    }
}
