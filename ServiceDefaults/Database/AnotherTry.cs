using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>
/// Does a save, or a statement by itself, again when the database has undone it in favour of another one: a deadlock's
/// victim, or what would not have been serializable. Within a transaction all of it is undone, so there it is for
/// whoever began that to do it again; a message's is done again by its endpoint.
/// </summary>
/// <param name="dependencies">Tells the context.</param>
/// <param name="isUndone">Whether an exception says that nothing was done, because of somebody else.</param>
internal sealed class AnotherTry(ExecutionStrategyDependencies dependencies, Func<Exception, bool> isUndone) : IExecutionStrategy
{
    private const int MaxAttempts = 4;
    private const int LongestPauseMilliseconds = 50;

    /// <summary>False: nobody has to do without transactions because of this.</summary>
    public bool RetriesOnFailure => false;

    private bool IsAlone => dependencies.CurrentContext.Context.Database.CurrentTransaction is null && Transaction.Current is null;

    public TResult Execute<TState, TResult>(TState state, Func<DbContext, TState, TResult> operation,
        Func<DbContext, TState, ExecutionResult<TResult>>? verifySucceeded)
    {
        var isAlone = IsAlone;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return operation(dependencies.CurrentContext.Context, state);
            }
            catch (Exception exception) when (isAlone && attempt < MaxAttempts && isUndone(exception))
            {
                Thread.Sleep(Pause());
            }
        }
    }

    public async Task<TResult> ExecuteAsync<TState, TResult>(TState state,
        Func<DbContext, TState, CancellationToken, Task<TResult>> operation,
        Func<DbContext, TState, CancellationToken, Task<ExecutionResult<TResult>>>? verifySucceeded,
        CancellationToken cancellationToken = default)
    {
        var isAlone = IsAlone;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await operation(dependencies.CurrentContext.Context, state, cancellationToken);
            }
            catch (Exception exception) when (isAlone && attempt < MaxAttempts && isUndone(exception))
            {
                await Task.Delay(Pause(), cancellationToken);
            }
        }
    }

    // Of random length, so that those who met do not meet again.
    private static int Pause() => Random.Shared.Next(LongestPauseMilliseconds);
}
