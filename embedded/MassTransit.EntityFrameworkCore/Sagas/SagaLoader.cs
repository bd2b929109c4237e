using System.Data;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Reads sagas for a consumer: with a row lock, or, given no <paramref name="locks"/>, without.</summary>
/// <param name="locks">Writes the locking statement; null for optimistic concurrency, where the saga's concurrency token decides.</param>
/// <param name="customizeQuery">The repository's own changes to the query.</param>
/// <param name="isolationLevel">Of a transaction that the repository starts itself.</param>
internal sealed class SagaLoader<TSaga>(
    ILockStatementProvider? locks, Func<IQueryable<TSaga>, IQueryable<TSaga>> customizeQuery, IsolationLevel isolationLevel)
    where TSaga : class, ISaga
{
    public IsolationLevel IsolationLevel => isolationLevel;

    public Task<TSaga?> Load(DbContext context, Guid correlationId, CancellationToken cancellationToken)
    {
        if (context is ILocksTogether { Locked: var locked } && locked.TryGet<TSaga>(correlationId, out var known))
            return Task.FromResult<TSaga?>(known);

        var sagas = context.Set<TSaga>();
        var saga = locks is null
            ? customizeQuery(sagas).Where(x => x.CorrelationId == correlationId)
            : customizeQuery(sagas.FromSqlRaw(locks.GetRowLockStatement<TSaga>(context), correlationId));
        return saga.AsTracking().SingleOrDefaultAsync(cancellationToken);
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
