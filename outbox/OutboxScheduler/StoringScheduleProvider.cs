using MassTransit;
using MassTransit.Scheduling;
using MassTransit.Transports;

namespace OrderSample.OutboxScheduler;

/// <summary>Schedules a message by sending it to the outbox, and then giving its row a due time.</summary>
internal sealed class StoringScheduleProvider(ISendEndpointProvider outbox, IScheduledMessageStore store) : IScheduleMessageProvider
{
    public async Task<ScheduledMessage<T>> ScheduleSend<T>(Uri destinationAddress, DateTime scheduledTime, T message,
        IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var tokenId = ScheduleTokenIdCache<T>.GetTokenId(message);
        if (tokenId == Guid.Empty)
            tokenId = NewId.NextGuid();

        var scheduled = new ScheduledSendPipe<T>(pipe, tokenId);
        var endpoint = await outbox.GetSendEndpoint(destinationAddress);
        await endpoint.Send(message, scheduled, cancellationToken);
        store.Schedule(scheduled.MessageId!.Value, tokenId, scheduledTime.ToUniversalTime());

        return new Scheduled<T>(tokenId, scheduledTime, destinationAddress, message);
    }

    public Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken) => store.Cancel(tokenId, cancellationToken);

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) =>
        store.Cancel(tokenId, cancellationToken);

    /// <summary>Gives a message its token, but not, as MassTransit's own does, a delay: that would be the broker's, once more, when the message is due.</summary>
    private sealed class ScheduledSendPipe<T>(IPipe<SendContext<T>> pipe, Guid tokenId) : SendContextPipeAdapter<T>(pipe)
        where T : class
    {
        private SendContext? _context;

        public Guid? MessageId => _context?.MessageId;

        protected override void Send(SendContext<T> context)
        {
            _context = context;
            context.ScheduledMessageId = tokenId;
            context.Headers.Set(MessageHeaders.SchedulingTokenId, tokenId.ToString("D"));
        }

        protected override void Send<TOther>(SendContext<TOther> context)
        {
        }
    }

    private sealed record Scheduled<T>(Guid TokenId, DateTime ScheduledTime, Uri Destination, T Payload) : ScheduledMessage<T>
        where T : class;
}
