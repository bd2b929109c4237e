namespace OrderSample.OutboxScheduler;

/// <summary>The scheduled messages of one scope, in its DbContext and that one's transaction.</summary>
internal interface IScheduledMessageStore
{
    /// <summary>Turns a message that was just sent to the outbox, and is not saved yet, into a scheduled one.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="tokenId">What it is cancelled by.</param>
    /// <param name="due">When it is to be delivered, UTC.</param>
    /// <exception cref="InvalidOperationException">The outbox does not have it.</exception>
    void Schedule(Guid messageId, Guid tokenId, DateTime due);

    /// <summary>Removes a scheduled message; does nothing when it was delivered already.</summary>
    Task Cancel(Guid tokenId, CancellationToken cancellationToken);
}
