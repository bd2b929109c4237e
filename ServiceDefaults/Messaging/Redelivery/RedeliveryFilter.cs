using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Messaging.Topology;
using RabbitMQ.Client;

namespace OrderSample.ServiceDefaults.Messaging.Redelivery;

/// <summary>
/// The first thing that happens to a message that failed for good, as far as immediate retries go: it is put into a delay
/// queue, as it came and with a confirm, and only then acknowledged. What can't get better, or was delayed often enough,
/// is left to the next filter, which moves it to the endpoint's <c>_error</c> queue.
/// </summary>
/// <remarks>
/// A crash between the two leaves the message twice, under the same id: the inbox drops the second. Id, headers and trace
/// are kept; <see cref="BrokerNames.RedeliveriesHeader"/> says how often the message was delayed.
/// </remarks>
internal sealed class RedeliveryFilter(string queue, DelayQueues delays, MessagingMetrics metrics, ILogger<RedeliveryFilter> logger) : IFilter<ExceptionReceiveContext>
{
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(10);

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (!CanGetBetter(context.Exception) || context.CancellationToken.IsCancellationRequested
            || !context.TryGetPayload(out RabbitMqBasicConsumeContext? message) || !context.TryGetPayload(out ChannelContext? channel)
            || Count(message.Properties) is var attempt && attempt >= delays.Count)
        {
            // Moving it to the _error queue waits for a confirm, too. Given up, it comes again from its own queue.
            await next.Send(context).WaitAsync(BrokerAddress.AnswerTimeout);
            logger.LogError(context.Exception, "{Message} failed for good and is kept in {Queue}", NameOf(context), queue + BrokerNames.ErrorSuffix);
            return;
        }

        await Delay(channel, message.Properties, context.Body.GetBytes(), attempt, context.CancellationToken);
        metrics.Redelivered(queue);
        logger.LogWarning(context.Exception, "{Message} failed at {Queue} and comes again in {Delay} (redelivery {Attempt} of {Count})",
            NameOf(context), queue, delays.Delay(attempt), attempt + 1, delays.Count);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("redelivery");

    private static string NameOf(ExceptionReceiveContext context) =>
        context.TryGetPayload(out MessageOfOrder? known) ? $"Message {context.GetMessageId()} of order {known.OrderId}" : $"Message {context.GetMessageId()}";

    /// <summary>What is wrong with the message itself stays wrong.</summary>
    private static bool CanGetBetter(Exception exception) =>
        exception is not (ArgumentException or ValidationException or SerializationException or JsonException or NotSupportedException or OperationCanceledException);

    private static int Count(IReadOnlyBasicProperties properties) =>
        properties.Headers is { } headers && headers.TryGetValue(BrokerNames.RedeliveriesHeader, out var value)
            ? Convert.ToInt32(value, CultureInfo.InvariantCulture)
            : 0;

    private Task Delay(ChannelContext channel, IReadOnlyBasicProperties original, byte[] body, int attempt, CancellationToken cancellationToken)
    {
        var headers = original.Headers is { } known ? new Dictionary<string, object?>(known) : [];
        headers[BrokerNames.RedeliveriesHeader] = attempt + 1;
        var properties = new BasicProperties(original) { Headers = headers, Persistent = true };
        return channel.BasicPublishAsync(delays.Name(attempt), "", mandatory: true, properties, body, awaitAck: true, cancellationToken).WaitAsync(ConfirmTimeout, cancellationToken);
    }
}
