using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>A message that waits for a transaction, or takes part in one.</summary>
internal abstract class TransactionMember<TDbContext>(ConsumeContext context, InboxKey key)
    where TDbContext : DbContext
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The message's own trace and log scopes, wherever it is consumed.
    private readonly ExecutionContext? _execution = ExecutionContext.Capture();

    public InboxKey Key => key;

    public abstract object Message { get; }

    public CancellationToken CancellationToken => context.CancellationToken;

    /// <summary>Ends when the transaction does: well, or with what kept this message's work from being committed.</summary>
    public Task End => _end.Task;

    /// <summary>Gives the message's scope the transaction's DbContext.</summary>
    public abstract void Join(LentDbContext<TDbContext> dbContext);

    /// <summary>Runs the consumer, or for a duplicate skips it. What it changes and sends is left to be saved.</summary>
    public abstract Task Consume(ConsumeTransaction<TDbContext> transaction, bool isFirst);

    /// <summary>Does something as a part of the message's trace.</summary>
    public Task AsPartOfMessage(Func<Task> work)
    {
        if (_execution is null)
            return work();
        var task = Task.CompletedTask;
        ExecutionContext.Run(_execution, _ => task = work(), null);
        return task;
    }

    public void Committed() => _end.TrySetResult();

    public void Failed(Exception exception) => _end.TrySetException(exception);
}

/// <inheritdoc/>
internal sealed class TransactionMember<TDbContext, TMessage>(ConsumeContext<TMessage> context, InboxKey key, OutboxConsumeOptions options,
    IPipe<OutboxConsumeContext<TMessage>> next, IServiceProvider scope)
    : TransactionMember<TDbContext>(context, key)
    where TDbContext : DbContext
    where TMessage : class
{
    public override object Message => context.Message;

    public override void Join(LentDbContext<TDbContext> dbContext) => scope.GetRequiredService<SharedDbContext<TDbContext>>().Borrow(dbContext);

    public override Task Consume(ConsumeTransaction<TDbContext> transaction, bool isFirst) =>
        AsPartOfMessage(() => next.Send(new InboxOutboxConsumeContext<TDbContext, TMessage>(context, options, scope, transaction, isFirst,
            scope.GetRequiredService<EntityFrameworkOutboxOptions<TDbContext>>(), scope.GetRequiredService<TimeProvider>())));
}
