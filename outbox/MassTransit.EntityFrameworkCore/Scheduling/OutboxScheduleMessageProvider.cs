using MassTransit.Scheduling;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Schedules a message by storing it in the outbox with a due time, in the same transaction as everything else that its
/// sender does; cancelling removes the row, likewise.
/// </summary>
internal sealed class OutboxScheduleMessageProvider(
    ISendEndpointProvider outbox,
    IScheduledMessageCanceller canceller) : IScheduleMessageProvider
{
    public async Task<ScheduledMessage<T>> ScheduleSend<T>(Uri destinationAddress, DateTime scheduledTime, T message,
        IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var tokenId = ScheduleTokenIdCache<T>.GetTokenId(message);
        if (tokenId == Guid.Empty)
            tokenId = NewId.NextGuid();

        // The pipe sets delay and token; the outbox makes them the row's due time and key.
        var schedule = new ScheduleSendPipe<T>(pipe, scheduledTime) { ScheduledMessageId = tokenId };
        var endpoint = await outbox.GetSendEndpoint(destinationAddress);
        await endpoint.Send(message, schedule, cancellationToken);

        return new Scheduled<T>(tokenId, scheduledTime, destinationAddress, message);
    }

    public Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken) =>
        canceller.Cancel(tokenId, cancellationToken);

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) =>
        canceller.Cancel(tokenId, cancellationToken);

    private sealed record Scheduled<T>(Guid TokenId, DateTime ScheduledTime, Uri Destination, T Payload) : ScheduledMessage<T>
        where T : class;
}
