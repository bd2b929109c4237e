using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrderSample.Bench.Confirms.Publishing;

/// <summary>Confirms, with so many messages on their way at a time; with one, each is waited for before the next is sent.</summary>
internal sealed class ConfirmedPublisher : Publisher
{
    private readonly SemaphoreSlim _inFlight;
    private readonly int _limit;
    private Exception? _failure;

    private ConfirmedPublisher(IChannel channel, string queue, int limit, bool mandatory)
        : base(channel, queue, mandatory)
    {
        _limit = limit;
        _inFlight = new SemaphoreSlim(limit);
    }

    public static async Task<Publisher> Open(IConnection connection, string queue, int limit, bool mandatory, CancellationToken cancellationToken) =>
        new ConfirmedPublisher(await connection.CreateChannelAsync(WithConfirms, cancellationToken), queue, limit, mandatory);

    public override async Task Publish(int number, CancellationToken cancellationToken)
    {
        await _inFlight.WaitAsync(cancellationToken);
        ThrowIfFailed();
        _ = Settle(number, cancellationToken);
    }

    public override async Task Complete(CancellationToken cancellationToken)
    {
        for (var i = 0; i < _limit; i++)
            await _inFlight.WaitAsync(cancellationToken);
        ThrowIfFailed();
        _inFlight.Release(_limit);
    }

    /// <summary>Never throws: what went wrong is thrown where the publisher goes on.</summary>
    private async Task Settle(int number, CancellationToken cancellationToken)
    {
        try
        {
            await Send(number, cancellationToken);
            Believed.Enqueue(number);
        }
        catch (PublishException)
        {
            // Refused or returned: the publisher knows that this one is not safe, which is the point of a confirm.
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
        finally
        {
            _inFlight.Release();
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
            throw new InvalidOperationException("The connection broke before the broker had confirmed everything.", _failure);
    }
}
