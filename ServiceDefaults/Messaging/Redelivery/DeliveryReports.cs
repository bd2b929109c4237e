using System.Globalization;
using System.Threading.Channels;
using MassTransit;
using MassTransit.RabbitMqTransport;
using OrderSample.ServiceDefaults.Messaging.Topology;

namespace OrderSample.ServiceDefaults.Messaging.Redelivery;

/// <summary>Reports that wait to be sent: some, in memory. Nobody waits for them; of too many the oldest are dropped.</summary>
internal sealed class DeliveryReports
{
    private const int Most = 1_000;

    private readonly Channel<RepeatedDelivery> _reports =
        Channel.CreateBounded<RepeatedDelivery>(new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Adds one about a message of an order; of any other message there is none.</summary>
    /// <param name="context">The delivery.</param>
    /// <param name="endpoint">The endpoint's queue.</param>
    /// <param name="cause">Why it is delivered more than once.</param>
    /// <param name="at">When that was known, UTC.</param>
    /// <param name="complete">Adds what there is to say of this cause.</param>
    public void Add(ReceiveContext context, string endpoint, RepetitionCause cause, DateTimeOffset at, Func<RepeatedDelivery, RepeatedDelivery> complete)
    {
        if (!context.TryGetPayload(out MessageOfOrder? known) || !context.TryGetPayload(out RabbitMqBasicConsumeContext? message)
            || message.Properties.MessageId is not { } id)
        {
            return;
        }

        var report = new RepeatedDelivery(id, known.MessageType, known.OrderId, endpoint, Count(context, BrokerNames.ReplayHeader), cause, at);
        _reports.Writer.TryWrite(complete(report));
    }

    /// <summary>All of them, as they come.</summary>
    public IAsyncEnumerable<RepeatedDelivery> ReadAllAsync(CancellationToken cancellationToken) => _reports.Reader.ReadAllAsync(cancellationToken);

    /// <summary>A header's number; 0 without one.</summary>
    internal static int Count(ReceiveContext context, string header) =>
        context.TransportHeaders.TryGetHeader(header, out var value)
        && int.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
}
