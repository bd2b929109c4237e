using System.Data.Common;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>
/// A query of PostgreSQL that locks the rows that it reads until the transaction ends. It is compiled once: SQL of one's own would be put together again
/// for each message.
/// </summary>
/// <typeparam name="TContext">The service's context on PostgreSQL.</typeparam>
/// <typeparam name="TKeys">What the rows are found by.</typeparam>
/// <typeparam name="T">The entity.</typeparam>
/// <param name="query">The query, ordered, so that two of them can't wait for one another.</param>
public sealed class LockingQuery<TContext, TKeys, T>(Expression<Func<TContext, TKeys, IQueryable<T>>> query)
    where TContext : DbContext
    where T : class
{
    private readonly Expression<Func<TContext, TKeys, IQueryable<T>>> _tagged = Expression.Lambda<Func<TContext, TKeys, IQueryable<T>>>(
        Expression.Call(typeof(EntityFrameworkQueryableExtensions), nameof(EntityFrameworkQueryableExtensions.TagWith), [typeof(T)], query.Body, Expression.Constant(LockedForUpdate.Tag)),
        query.Parameters);

    // A compiled query belongs to a model, of which tests have several in one process.
    private readonly ConditionalWeakTable<IModel, Func<TContext, TKeys, IAsyncEnumerable<T>>> _compiled = [];

    /// <summary>Reads and locks.</summary>
    /// <param name="context">Inside a transaction.</param>
    /// <param name="keys">Which rows; those that don't exist are missing in the answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tracked entities.</returns>
    /// <exception cref="InvalidOperationException">Nothing would be locked: there is no transaction, or the context lacks the interceptor.</exception>
    public async Task<List<T>> ToListAsync(TContext context, TKeys keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Database.CurrentTransaction is null)
            throw new InvalidOperationException("Rows can be locked inside a transaction only.");
        if (!_compiled.TryGetValue(context.Model, out var run))
            run = _compiled.GetValue(context.Model, _ => Compile(context));
        var locked = new List<T>();
        await foreach (var entity in run(context, keys).WithCancellation(cancellationToken))
            locked.Add(entity);
        return locked;
    }

    private Func<TContext, TKeys, IAsyncEnumerable<T>> Compile(TContext context) =>
        context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.Interceptors?.Contains(LockedForUpdate.Instance) == true
            ? EF.CompileAsyncQuery(_tagged)
            : throw new InvalidOperationException($"{typeof(TContext).Name} locks no rows: its options lack {nameof(LockedForUpdate)}.");
}

/// <summary>Ends queries that are tagged so with FOR UPDATE, which LINQ has no word for.</summary>
internal sealed class LockedForUpdate : DbCommandInterceptor
{
    /// <summary>What a query is tagged with.</summary>
    public const string Tag = "FOR UPDATE";

    /// <summary>For the options of contexts on PostgreSQL.</summary>
    public static LockedForUpdate Instance { get; } = new();

    /// <inheritdoc/>
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.CommandText.StartsWith($"-- {Tag}", StringComparison.Ordinal))
            command.CommandText += $"\n{Tag}";
        return new(result);
    }
}
