using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>What the messages of one transaction send and take back, until it is saved.</summary>
/// <param name="dbContext">Saves it, with what consumers changed.</param>
/// <param name="transaction">What it is saved in.</param>
/// <param name="outbox">Where scheduled messages are taken back from.</param>
/// <param name="finalSave">Of a transaction whose consumers only change tracked entities, so that all is saved at its end; null where they, and sagas, save themselves as well.</param>
/// <param name="isShared">Whether several messages share it: none of them saves it, and none is to blame yet when it fails.</param>
internal sealed class ConsumeTransaction<TDbContext>(
    TDbContext dbContext, IDbContextTransaction transaction, OutboxTable<TDbContext> outbox, FinalSave<TDbContext>? finalSave = null, bool isShared = false)
    where TDbContext : DbContext
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, OutboxMessage> _scheduled = [];
    private readonly List<Guid> _cancelled = [];
    private bool _isCommitted;

    /// <summary>For logs.</summary>
    public Guid Id => transaction.TransactionId;

    public bool IsSavedAtEnd => finalSave is not null;

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

    /// <summary>A consumer is done. Alone it saves what it did, and where nothing else saves in between commits it, as a part of its message: so a failure is told as one of this type of message.</summary>
    public Task Consumed(CancellationToken cancellationToken)
    {
        if (isShared)
            return Task.CompletedTask;
        return IsSavedAtEnd ? Commit(cancellationToken) : Save(andCommit: false, cancellationToken);
    }

    /// <summary>Saves what is not saved yet, and commits.</summary>
    public async Task Commit(CancellationToken cancellationToken)
    {
        if (_isCommitted)
            return;
        await Save(andCommit: finalSave?.MayCommit(dbContext) == true, cancellationToken);
        if (!_isCommitted)
            await transaction.CommitAsync(cancellationToken);
        _isCommitted = true;
    }

    private async Task Save(bool andCommit, CancellationToken cancellationToken)
    {
        Guid[] cancelled = [.. _cancelled];
        _cancelled.Clear();
        // One whose token was given to another since has to go before that comes.
        var travels = !cancelled.Any(_scheduled.ContainsKey) && outbox.TryLeaveToSave(dbContext, cancelled, andCommit);
        if (!travels)
            await outbox.Cancel(dbContext, cancelled, cancellationToken);
        try
        {
            await dbContext.SaveOrEndAsync(cancellationToken);
        }
        catch
        {
            Piggyback.Drop(dbContext);
            throw;
        }

        // With nothing to save it has not travelled.
        if (travels && Piggyback.Drop(dbContext))
            await outbox.Cancel(dbContext, cancelled, cancellationToken);
        else
            _isCommitted = travels && andCommit;
    }
}
