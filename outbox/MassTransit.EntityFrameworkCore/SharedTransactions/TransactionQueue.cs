using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// The messages of one endpoint on their way into transactions. While transactions are at work, what arrives waits, and
/// then shares the next one. So nothing waits when there is little to do, and the more there is, the more share.
/// </summary>
/// <param name="limit">Most messages in a transaction.</param>
/// <param name="atOnce">Transactions at a time.</param>
/// <param name="consume">Consumes messages in one transaction, and tells each how it went; throws nothing.</param>
internal sealed class TransactionQueue<TDbContext>(int limit, int atOnce, Func<IReadOnlyList<TransactionMember<TDbContext>>, Task> consume)
    where TDbContext : DbContext
{
    private readonly Lock _lock = new();
    private readonly Queue<TransactionMember<TDbContext>> _waiting = [];
    private int _working;

    /// <summary>Consumes a message, maybe together with others.</summary>
    /// <returns>Ends as <see cref="TransactionMember{TDbContext}.End"/>.</returns>
    public Task Consume(TransactionMember<TDbContext> member)
    {
        lock (_lock)
        {
            _waiting.Enqueue(member);
            if (_working == atOnce)
                return member.End;
            _working++;
        }

        // Whoever comes first must not lend its trace to the others.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(Work);
        return member.End;
    }

    private async Task Work()
    {
        while (Next() is { Count: > 0 } members)
            await consume(members);
    }

    private List<TransactionMember<TDbContext>> Next()
    {
        var members = new List<TransactionMember<TDbContext>>(limit);
        lock (_lock)
        {
            // A second copy of a message has to find the first one committed, so it is for the next transaction.
            while (members.Count < limit && _waiting.TryPeek(out var member) && members.TrueForAll(x => x.Key != member.Key))
                members.Add(_waiting.Dequeue());
            if (members.Count == 0)
                _working--;
        }

        return members;
    }
}
