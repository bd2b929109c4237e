using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.Extensions.Logging;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>Ends what an endpoint does on a connection that is lost, so that the bus starts it anew on another one.</summary>
/// <remarks>
/// MassTransit waits for the client to tell each consumer that its connection is lost. The client tells them one after the other, and version 7.2.2 may
/// stop on the way (rabbitmq-dotnet-client's issues 1960 and 1976: it waits for a semaphore that was disposed of). Who comes later in the row is never
/// told, and its queue has no consumer any more, while all looks well. So each endpoint looks for itself.
/// </remarks>
internal sealed class LostConnectionFilter(string queue, ILogger<LostConnectionFilter> logger) : IFilter<ChannelContext>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The bus has this long by itself: it waits for consumers that are busy, up to <see cref="MessagingExtensions.StopTimeout"/>.</summary>
    private static readonly TimeSpan Grace = MessagingExtensions.StopTimeout + TimeSpan.FromSeconds(2);

    public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        var consuming = next.Send(context);
        while (!await EndsWithin(consuming, Interval))
        {
            if (context.ConnectionContext.Connection.IsOpen || await EndsWithin(consuming, Grace))
                continue;

            logger.LogWarning("The endpoint {Queue} was not told that its connection is lost, and is started anew", queue);
            // As a cancellation: MassTransit tries again after a second. After anything else it pauses longer, and a bus that is just starting would give up.
            throw new OperationCanceledException($"The connection of the endpoint {queue} to the broker is lost.");
        }

        await consuming;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("lostConnection");

    private static async Task<bool> EndsWithin(Task task, TimeSpan time)
    {
        await Task.WhenAny(task, Task.Delay(time));
        return task.IsCompleted;
    }
}
