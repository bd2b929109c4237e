using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>What the messages of one transaction send and take back, until it is saved.</summary>
/// <param name="dbContext">Saves it, with what consumers changed.</param>
/// <param name="transactionId">The database transaction, for logs.</param>
/// <param name="outbox">Where scheduled messages are taken back from.</param>
/// <param name="isSavedAtEnd">Whether all is saved in one round trip when the consumers are done; otherwise a saga saves itself as well.</param>
/// <param name="isShared">Whether several messages share it: none of them saves it, and none is to blame yet when it fails.</param>
internal sealed class ConsumeTransaction<TDbContext>(TDbContext dbContext, Guid transactionId, OutboxTable<TDbContext> outbox, bool isSavedAtEnd, bool isShared)
    where TDbContext : DbContext
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, OutboxMessage> _scheduled = [];
    private readonly List<Guid> _cancelled = [];

    public Guid Id => transactionId;

    public bool IsSavedAtEnd => isSavedAtEnd;

    public bool IsShared => isShared;

    /// <summary>Stored messages that are to be delivered as soon as the transaction is committed.</summary>
    public List<OutboxMessage> DueAtOnce { get; } = [];

    public void Store(OutboxMessage message, bool isDueAtOnce)
    {
        // A consumer may send concurrently; a DbContext is not made for that.
        lock (_lock)
        {
            dbContext.Add(message);
            if (message.SchedulingTokenId is { } tokenId)
                _scheduled[tokenId] = message;
            if (isDueAtOnce)
                DueAtOnce.Add(message);
        }
    }

    /// <summary>Takes back a scheduled message; does nothing when it was delivered already.</summary>
    public void Cancel(Guid tokenId)
    {
        lock (_lock)
        {
            // Scheduled and cancelled within one transaction: the row was never written, or will not be.
            if (_scheduled.Remove(tokenId, out var pending) && dbContext.Entry(pending).State == EntityState.Added)
                dbContext.Entry(pending).State = EntityState.Detached;
            else
                _cancelled.Add(tokenId);
            // Either way: it was due already, and would be delivered from memory.
            DueAtOnce.RemoveAll(x => x.SchedulingTokenId == tokenId);
        }
    }

    /// <summary>Sends everything to the database; what follows is the commit.</summary>
    public async Task Save(CancellationToken cancellationToken)
    {
        if (_cancelled.Count > 0)
            await outbox.Cancel(dbContext, [.. _cancelled], cancellationToken);
        _cancelled.Clear();
        await dbContext.SaveOrEndAsync(cancellationToken);
    }
}
