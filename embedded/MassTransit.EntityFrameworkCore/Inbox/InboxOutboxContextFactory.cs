using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Consumes a message in one transaction: the inbox row first, then the consumer's work and the messages it sends, then
/// one commit. The messages go on to the broker only after it.
/// </summary>
/// <remarks>
/// What a crash leaves, in order: before the commit, nothing, and the broker delivers again; after the commit, the rows of
/// outgoing messages, which a sweeper sends, and the inbox row, which makes the next delivery a duplicate.
/// </remarks>
internal sealed class InboxOutboxContextFactory<TDbContext>(
    TDbContext dbContext,
    InboxTable<TDbContext> inbox,
    OutboxTable<TDbContext> outbox,
    OutboxDelivery<TDbContext> delivery,
    OutboxSettings<TDbContext> settings,
    TimeProvider time,
    IServiceProvider provider) : IOutboxContextFactory<TDbContext>
    where TDbContext : DbContext
{
    public async Task Send<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        var strategy = dbContext.Database.CreateExecutionStrategy();
        if (!strategy.RetriesOnFailure)
        {
            await ConsumeInTransaction(context, options, next);
            return;
        }

        await strategy.ExecuteAsync(async () =>
        {
            dbContext.ChangeTracker.Clear();
            await ConsumeInTransaction(context, options, next);
        });
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("outboxContextFactory").Add("provider", "entityFrameworkCore");

    private async Task ConsumeInTransaction<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        // A redelivered copy has a new transport id; what was consumed is recognised by the original one.
        var messageId = context.GetOriginalMessageId() ?? throw new MessageException(typeof(T), "A message needs a MessageId to be recognised by the inbox");

        await using var transaction = await dbContext.Database.BeginTransactionAsync(settings.Options.IsolationLevel, context.CancellationToken);

        var isFirst = await inbox.TryInsert(dbContext, messageId, options.ConsumerId, time.GetUtcNow().UtcDateTime, context.CancellationToken);
        var outboxContext = new InboxOutboxConsumeContext<TDbContext, T>(
            context, options, provider, dbContext, transaction.TransactionId, isFirst, outbox, settings.Options, time);

        // Disposing the transaction without a commit rolls it back: a consumer that throws leaves no row and sends nothing.
        await next.Send(outboxContext);
        await dbContext.SaveOrEndAsync(context.CancellationToken);
        await transaction.CommitAsync(context.CancellationToken);

        delivery.Committed(outboxContext.DueAtOnce);
    }
}
