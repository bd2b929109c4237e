using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging.Topology;
using RabbitMQ.Client;

namespace OrderSample.ServiceDefaults.Messaging.Redelivery;

/// <summary>
/// The first thing that happens to a message that failed for good, as far as immediate retries go: it is put into a delay
/// queue, as it came and with a confirm, and only then acknowledged. What can't get better, or was delayed often enough,
/// is left to the next filter, which moves it to the endpoint's <c>_error</c> queue.
/// </summary>
/// <remarks>
/// What fails because the database, or something else that the endpoint needs, is away for everybody is no attempt of the message: it comes again
/// for as long as that lasts.
/// <para>
/// A crash between the two leaves the message twice, under the same id: the inbox drops the second. Id, headers and trace
/// are kept; <see cref="BrokerNames.RedeliveriesHeader"/> says how often the message was delayed for its own sake.
/// </para>
/// </remarks>
internal sealed class RedeliveryFilter(
    string queue, DelayQueues delays, IDatabaseUse database, MessagingMetrics metrics, DeliveryReports reports, TimeProvider time, ILogger<RedeliveryFilter> logger)
    : IFilter<ExceptionReceiveContext>
{
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(5);

    private long _toldOfOutage = long.MinValue;

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (context.CancellationToken.IsCancellationRequested
            || !context.TryGetPayload(out RabbitMqBasicConsumeContext? message) || !context.TryGetPayload(out ChannelContext? channel))
        {
            await Keep(context, next);
            return;
        }

        var attempts = Count(message.Properties);
        if (context.Exception is DependencyAwayException || await database.IsAwayAsync(context.Exception, context.CancellationToken))
        {
            TellOfOutage(context);
            var delay = Math.Min(attempts, delays.Count - 1);
            await Delay(channel, message.Properties, context.Body.GetBytes(), delay, attempts, context.CancellationToken);
            metrics.Redelivered(queue, "outage");
            Report(context, RepetitionCause.DependencyAway, attempts, delay);
        }
        else if (CanGetBetter(context.Exception) && attempts < delays.Count)
        {
            await Delay(channel, message.Properties, context.Body.GetBytes(), attempts, attempts + 1, context.CancellationToken);
            logger.LogWarning(context.Exception, "{Message} failed at {Queue} and is redelivered in {Delay} (redelivery {Attempt} of {Count})",
                NameOf(context), queue, delays.Delay(attempts), attempts + 1, delays.Count);
            metrics.Redelivered(queue, "failure");
            Report(context, RepetitionCause.Failed, attempts + 1, attempts);
        }
        else
        {
            await Keep(context, next);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("redelivery");

    private async Task Keep(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        // Moving it to the _error queue waits for a confirm, too. Given up, it comes again from its own queue.
        await next.Send(context).WaitAsync(BrokerAddress.AnswerTimeout);
        logger.LogError(context.Exception, "{Message} failed for good and is kept in {Queue}", NameOf(context), queue + BrokerNames.ErrorSuffix);
    }

    private void Report(ExceptionReceiveContext context, RepetitionCause cause, int redeliveries, int delay)
    {
        var now = time.GetUtcNow();
        reports.Add(context, queue, cause, now, report => report with
        {
            ExceptionType = context.ExceptionHeaders.Get<string>(MessageHeaders.FaultExceptionType),
            ExceptionMessage = context.ExceptionHeaders.Get<string>(MessageHeaders.FaultMessage),
            Retries = context.ExceptionHeaders.Get<int>(MessageHeaders.FaultRetryCount) ?? 0,
            Delays = [.. Enumerable.Range(0, redeliveries).Select(delays.Delay)],
            NextAt = now + delays.Delay(delay),
        });
    }

    /// <summary>Once, and now and then: every message of the endpoint meets it.</summary>
    private void TellOfOutage(ExceptionReceiveContext context)
    {
        var (now, told) = (time.GetTimestamp(), Interlocked.Read(ref _toldOfOutage));
        var isNews = (told == long.MinValue || time.GetElapsedTime(told, now) >= Reminder) && Interlocked.CompareExchange(ref _toldOfOutage, now, told) == told;
        logger.Log(isNews ? LogLevel.Warning : LogLevel.Debug, "{Message} waits, like all of {Queue}, for what is away: {Problem}",
            NameOf(context), queue, context.Exception.GetBaseException().Message);
    }

    private static string NameOf(ExceptionReceiveContext context) =>
        context.TryGetPayload(out MessageOfOrder? known) ? $"Message {context.GetMessageId()} of order {known.OrderId}" : $"Message {context.GetMessageId()}";

    /// <summary>What is wrong with the message itself stays wrong.</summary>
    private static bool CanGetBetter(Exception exception) =>
        exception is not (ArgumentException or ValidationException or SerializationException or JsonException or NotSupportedException or OperationCanceledException);

    private static int Count(IReadOnlyBasicProperties properties) =>
        properties.Headers is { } headers && headers.TryGetValue(BrokerNames.RedeliveriesHeader, out var value)
            ? Convert.ToInt32(value, CultureInfo.InvariantCulture)
            : 0;

    private Task Delay(ChannelContext channel, IReadOnlyBasicProperties original, byte[] body, int delay, int attempts, CancellationToken cancellationToken)
    {
        var headers = original.Headers is { } known ? new Dictionary<string, object?>(known) : [];
        headers[BrokerNames.RedeliveriesHeader] = attempts;
        var properties = new BasicProperties(original) { Headers = headers, Persistent = true };
        return channel.BasicPublishAsync(delays.Name(delay), "", mandatory: true, properties, body, awaitAck: true, cancellationToken).WaitAsync(ConfirmTimeout, cancellationToken);
    }
}
