using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

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
    InboxTable<TDbContext> inbox,
    OutboxTable<TDbContext> outbox,
    OutboxDelivery<TDbContext> delivery,
    EntityFrameworkOutboxOptions<TDbContext> settings,
    TimeProvider time,
    IServiceProvider provider) : IOutboxContextFactory<TDbContext>
    where TDbContext : DbContext
{
    public Task Send<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        // A redelivered copy has a new transport id; what was consumed is recognised by the original one.
        var messageId = context.GetOriginalMessageId() ?? throw new MessageException(typeof(T), "A message needs a MessageId to be recognised by the inbox");
        var key = new InboxKey(messageId, options.ConsumerId);

        return provider.GetService<SharedTransactions<TDbContext>>()?.Of(context.ReceiveContext.InputAddress) is { } shared
            && !provider.GetRequiredService<SharedDbContext<TDbContext>>().IsOwnInUse
            ? shared.Consume(new TransactionMember<TDbContext, T>(context, key, options, next, provider))
            : ConsumeAlone(context, key, options, next);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("outboxContextFactory").Add("provider", "entityFrameworkCore");

    private async Task ConsumeAlone<T>(ConsumeContext<T> context, InboxKey key, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        var dbContext = provider.GetRequiredService<TDbContext>();
        var strategy = dbContext.Database.CreateExecutionStrategy();
        if (!strategy.RetriesOnFailure)
        {
            await ConsumeInTransaction(dbContext, context, key, options, next);
            return;
        }

        await strategy.ExecuteAsync(async () =>
        {
            dbContext.ChangeTracker.Clear();
            await ConsumeInTransaction(dbContext, context, key, options, next);
        });
    }

    private async Task ConsumeInTransaction<T>(TDbContext dbContext, ConsumeContext<T> context, InboxKey key, OutboxConsumeOptions options,
        IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        await using var database = await dbContext.Database.BeginTransactionAsync(settings.IsolationLevel, context.CancellationToken);

        var isFirst = await inbox.TryInsert(dbContext, key, time.GetUtcNow().UtcDateTime, context.CancellationToken);
        var transaction = new ConsumeTransaction<TDbContext>(dbContext, database, outbox);

        // Disposing the transaction without a commit rolls it back: a consumer that throws leaves no row and sends nothing.
        await next.Send(new InboxOutboxConsumeContext<TDbContext, T>(context, options, provider, transaction, isFirst, settings, time));
        await transaction.Commit(context.CancellationToken);

        delivery.Committed(transaction.DueAtOnce);
    }
}
