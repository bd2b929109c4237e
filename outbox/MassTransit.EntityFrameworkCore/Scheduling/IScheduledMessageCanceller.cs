namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Takes back a scheduled message, in the transaction that whoever implements this is part of.</summary>
internal interface IScheduledMessageCanceller
{
    /// <summary>Removes the message; does nothing when it was delivered already.</summary>
    Task Cancel(Guid tokenId, CancellationToken cancellationToken);
}
