using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Consumes several messages of an endpoint in one transaction: their inbox rows in one statement, the rows they change
/// locked in one or two, consumer after consumer on one DbContext, and one save and one commit for all. A message's own
/// cost is then that of its consumer.
/// </summary>
/// <remarks>
/// What each message can rely on is the same as alone. When one fails, none is committed, and each is consumed again in a
/// transaction of its own, in which only the one to blame fails. Before the commit nothing is acknowledged or sent.
/// </remarks>
internal sealed class SharedTransactions<TDbContext>(
    IServiceScopeFactory scopes,
    InboxTable<TDbContext> inbox,
    OutboxTable<TDbContext> outbox,
    FinalSave<TDbContext> finalSave,
    OutboxDelivery<TDbContext> delivery,
    EntityFrameworkOutboxOptions<TDbContext> options,
    TimeProvider time)
    where TDbContext : DbContext
{
    private readonly ConcurrentDictionary<Uri, TransactionQueue<TDbContext>> _queues = new();

    /// <summary>Lets the messages of an endpoint share transactions.</summary>
    /// <param name="inputAddress">The endpoint.</param>
    /// <param name="limit">Most messages in a transaction.</param>
    /// <param name="atOnce">Transactions at a time.</param>
    public void Add(Uri inputAddress, int limit, int atOnce) =>
        _queues[inputAddress] = new TransactionQueue<TDbContext>(limit, atOnce, Consume);

    /// <summary>The queue of an endpoint whose messages share transactions; null for others.</summary>
    public TransactionQueue<TDbContext>? Of(Uri inputAddress) => _queues.GetValueOrDefault(inputAddress);

    private async Task Consume(IReadOnlyList<TransactionMember<TDbContext>> members)
    {
        var failures = new Exception?[members.Count];
        LentDbContext<TDbContext>? lent = null;
        try
        {
            lent = Lend();
            foreach (var member in members)
                member.Join(lent);

            try
            {
                await ConsumeTogether(lent.Context, members);
            }
            catch (Exception exception) when (members.Count > 1 && (exception as DbException ?? exception.InnerException as DbException) is not { IsTransient: true })
            {
                for (var i = 0; i < members.Count; i++)
                    failures[i] = await Try(() => ConsumeTogether(lent.Context, [members[i]]));
            }
        }
        catch (Exception exception)
        {
            Array.Fill(failures, exception);
        }
        finally
        {
            // Whoever has the DbContext next has locked nothing, and has nothing waiting. What it tracks is the pool's to forget: what throws here would stop the endpoint.
            if (lent is not null)
            {
                ((ILocksTogether)lent.Context).Locked.Clear();
                Piggyback.Drop(lent.Context);
                lent.Return();
            }
        }

        // Told last, because its own scope ends then, and with the last one's the loan of the DbContext.
        for (var i = 0; i < members.Count; i++)
        {
            if (failures[i] is { } failure)
                members[i].Failed(failure);
            else
                members[i].Committed();
        }
    }

    private Task ConsumeTogether(TDbContext context, IReadOnlyList<TransactionMember<TDbContext>> members)
    {
        var strategy = context.Database.CreateExecutionStrategy();

        // The statements for all of them are found in the trace of the first.
        return members[0].AsPartOfMessage(() => strategy.RetriesOnFailure
            ? strategy.ExecuteAsync(() => ConsumeInTransaction(context, members))
            : ConsumeInTransaction(context, members));
    }

    private async Task ConsumeInTransaction(TDbContext context, IReadOnlyList<TransactionMember<TDbContext>> members)
    {
        // Duplicates are rare, and taking all for new saves a round trip.
        if (!await TryConsume(context, members, mayBeDuplicates: false))
            await TryConsume(context, members, mayBeDuplicates: true);
    }

    /// <returns>False: there are duplicates, and nothing has happened.</returns>
    private async Task<bool> TryConsume(TDbContext context, IReadOnlyList<TransactionMember<TDbContext>> members, bool mayBeDuplicates)
    {
        var cancellationToken = members[0].CancellationToken;
        Reset(context);

        await using var database = await context.Database.BeginTransactionAsync(options.IsolationLevel, cancellationToken);
        if (await Claim(context, members, mayBeDuplicates, cancellationToken) is not { } isFirst)
            return false;

        // Disposing the transaction without a commit rolls it back: a consumer that throws leaves no row and sends nothing.
        var transaction = new ConsumeTransaction<TDbContext>(context, database, outbox, finalSave, isShared: members.Count > 1);
        foreach (var member in members)
            await member.Consume(transaction, isFirst.Contains(member.Key));
        await transaction.Commit(cancellationToken);

        delivery.Committed(transaction.DueAtOnce);
        return true;
    }

    /// <summary>Stores the inbox rows, and locks what the messages that are no duplicates will change.</summary>
    /// <returns>Those messages; null where all were taken for new and some are not.</returns>
    private async Task<HashSet<InboxKey>?> Claim(TDbContext context, IReadOnlyList<TransactionMember<TDbContext>> members, bool mayBeDuplicates, CancellationToken cancellationToken)
    {
        InboxKey[] keys = [.. members.Select(x => x.Key)];
        var now = time.GetUtcNow().UtcDateTime;
        var locks = (ILocksTogether)context;
        if (mayBeDuplicates || !inbox.TryLeaveInsert(context, keys, now))
        {
            var isFirst = await inbox.TryInsert(context, keys, now, cancellationToken);
            await locks.LockForAsync([.. members.Where(x => isFirst.Contains(x.Key)).Select(x => x.Message)], cancellationToken);
            return isFirst;
        }

        try
        {
            await locks.LockForAsync([.. members.Select(x => x.Message)], cancellationToken);
            // With nothing to lock: no consumer may run before its message is known to be no duplicate.
            await Piggyback.SendAsync(context, cancellationToken);
            return [.. keys];
        }
        catch (Exception exception) when (InboxTable<TDbContext>.IsDuplicate(exception))
        {
            return null;
        }
    }

    /// <summary>Forgets what another try has left in the DbContext.</summary>
    private static void Reset(TDbContext context)
    {
        context.ChangeTracker.Clear();
        ((ILocksTogether)context).Locked.Clear();
        Piggyback.Drop(context);
    }

    private LentDbContext<TDbContext> Lend()
    {
        var scope = scopes.CreateScope();
        try
        {
            var lent = new LentDbContext<TDbContext>(scope);
            if (lent.Context is not ILocksTogether)
                throw new ConfigurationException($"{lent.Context.GetType().Name} must implement {nameof(ILocksTogether)}, for its messages to share transactions.");

            // Looked for once, when all are done, and not at each message's Add and Entry.
            lent.Context.ChangeTracker.AutoDetectChangesEnabled = false;
            lent.Context.SavingChanges += static (context, _) => ((DbContext)context!).ChangeTracker.DetectChanges();
            return lent;
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    private static async Task<Exception?> Try(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
