using System.Threading.Channels;
using MassTransit;
using OrderSample.Contracts.Inventory.Commands;

namespace OrderSample.Services.Tests.Chaos;

/// <summary>What became of the messages, one after the other.</summary>
internal sealed class Observed : IReceiveObserver
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Channel<ReceiveContext> _received = Channel.CreateUnbounded<ReceiveContext>();
    private readonly Channel<Guid> _consumed = Channel.CreateUnbounded<Guid>();
    private readonly Channel<Exception> _failed = Channel.CreateUnbounded<Exception>();

    /// <summary>Whether nothing was consumed, and nothing failed, that has not been asked for.</summary>
    public bool NothingElse => _consumed.Reader.Count == 0 && _failed.Reader.Count == 0;

    /// <summary>Waits until an endpoint has got another message.</summary>
    public Task Received() => Next(_received);

    /// <returns>The next order whose message was consumed.</returns>
    public Task<Guid> Consumed() => Next(_consumed);

    /// <returns>Why the next message failed.</returns>
    public Task<Exception> Failed() => Next(_failed);

    public async Task PreReceive(ReceiveContext context) =>
        await _received.Writer.WriteAsync(context);

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public async Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => await _consumed.Writer.WriteAsync(((ReserveStock)(object)context.Message).OrderId);

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    // What fails before it reaches a consumer counts as a failure of the endpoint.
    public async Task ReceiveFault(ReceiveContext context, Exception exception) => await _failed.Writer.WriteAsync(exception);

    private static async Task<T> Next<T>(Channel<T> channel) => await channel.Reader.ReadAsync().AsTask().WaitAsync(Deadline);
}
