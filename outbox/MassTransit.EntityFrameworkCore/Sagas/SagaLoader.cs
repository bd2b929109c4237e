using System.Data;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Reads sagas for a consumer: with a row lock, or, given no <paramref name="locks"/>, without.</summary>
/// <param name="locks">Writes the locking statement; null for optimistic concurrency, where the saga's concurrency token decides.</param>
/// <param name="customizeQuery">The repository's own changes to the query; null: none.</param>
/// <param name="isolationLevel">Of a transaction that the repository starts itself.</param>
/// <param name="useTransaction">Whether it starts one; a lock needs it.</param>
internal sealed class SagaLoader<TSaga>(
    ILockStatementProvider? locks, Func<IQueryable<TSaga>, IQueryable<TSaga>>? customizeQuery, IsolationLevel isolationLevel,
    bool useTransaction = true)
    where TSaga : class, ISaga
{
    public IsolationLevel IsolationLevel => isolationLevel;

    public bool UsesTransaction => useTransaction;

    public Task<TSaga?> Load(DbContext context, Guid correlationId, CancellationToken cancellationToken)
    {
        if (context is ILocksTogether { Locked: var locked } && locked.TryGet<TSaga>(correlationId, out var known))
            return Task.FromResult<TSaga?>(known);

        var sagas = locks is null
            ? context.Set<TSaga>().Where(x => x.CorrelationId == correlationId)
            : context.Set<TSaga>().FromSqlRaw(locks.GetRowLockStatement<TSaga>(context), correlationId);
        return customizeQuery is null
            ? sagas.AsTracking().SingleOrDefaultAsync(cancellationToken)
            : LoadCustomized(context, sagas, customizeQuery, correlationId, cancellationToken);
    }

    private async Task<TSaga?> LoadCustomized(DbContext context, IQueryable<TSaga> locked, Func<IQueryable<TSaga>, IQueryable<TSaga>> customize,
        Guid correlationId, CancellationToken cancellationToken)
    {
        // First the lock, then the query: in one statement, included rows would be read as they were before it waited for the lock.
        if (locks is not null)
            await locked.Select(x => x.CorrelationId).ToListAsync(cancellationToken);
        return await customize(context.Set<TSaga>()).AsTracking().SingleOrDefaultAsync(x => x.CorrelationId == correlationId, cancellationToken);
    }

    /// <summary>Finds ids first, then loads one by one in the order of the ids, so that two finders cannot block each other.</summary>
    public async Task<IList<TSaga>> Load(DbContext context, ISagaQuery<TSaga> query, CancellationToken cancellationToken)
    {
        var ids = await context.Set<TSaga>().AsNoTracking().Where(query.FilterExpression)
            .Select(x => x.CorrelationId).OrderBy(x => x).ToListAsync(cancellationToken);
        var matches = query.FilterExpression.Compile();

        var sagas = new List<TSaga>(ids.Count);
        foreach (var id in ids)
        {
            // Between the two reads another message may have changed the saga so that it no longer matches.
            if (await Load(context, id, cancellationToken) is { } saga && matches(saga))
                sagas.Add(saga);
        }

        return sagas;
    }
}
