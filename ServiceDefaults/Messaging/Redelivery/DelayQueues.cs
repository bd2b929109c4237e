using System.Globalization;
using MassTransit;
using MassTransit.RabbitMqTransport;
using OrderSample.ServiceDefaults.Messaging.Topology;
using Argument = RabbitMQ.Client.Headers;

namespace OrderSample.ServiceDefaults.Messaging.Redelivery;

/// <summary>
/// An endpoint's delay queues, one for each delay. Nobody consumes from them: what is in one for its time to live is
/// dead-lettered by the broker, and that leads back to the endpoint's queue. No plugin is needed. Each has an exchange of its
/// own: who may publish to the default exchange could publish to the queues of all services.
/// </summary>
/// <param name="queue">The endpoint's queue.</param>
/// <param name="delays">From the shortest to the longest.</param>
/// <param name="options">What all queues have in common.</param>
internal sealed class DelayQueues(string queue, IReadOnlyList<TimeSpan> delays, QueueOptions options) : IFilter<ChannelContext>
{
    /// <summary>How many times a message can be delayed.</summary>
    public int Count => delays.Count;

    public TimeSpan Delay(int attempt) => delays[attempt];

    public string Name(int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"{queue}_delay_{delays[attempt].TotalMilliseconds:0}ms");

    public Dictionary<string, object> Arguments(int attempt) => new(options.Quorum())
    {
        [Argument.XMessageTTL] = (long)delays[attempt].TotalMilliseconds,
        [Argument.XDeadLetterExchange] = queue,
        // Moved on with a confirm, so that a broker that stops in between loses nothing; this needs the overflow mode, too.
        ["x-dead-letter-strategy"] = "at-least-once",
        [Argument.XOverflow] = "reject-publish",
    };

    /// <summary>Declares them whenever the endpoint connects, before it consumes.</summary>
    public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        for (var attempt = 0; attempt < Count; attempt++)
            await context.DeclareQueueWithExchange(Name(attempt), Arguments(attempt));

        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("delayQueues");
}
