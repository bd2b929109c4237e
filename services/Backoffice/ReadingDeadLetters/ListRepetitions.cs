using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.ReadingDeadLetters;

/// <summary>Finds which messages were delivered more than once.</summary>
internal static class ListRepetitions
{
    private const int Most = 50;

    /// <summary>The first of an order, oldest first.</summary>
    public static Task<IReadOnlyList<DeliveryRepetition>> OfOrderAsync(BackofficeDbContext context, Guid orderId, CancellationToken cancellationToken) =>
        ListAsync(context.Repetitions.Where(repetition => repetition.OrderId == orderId), cancellationToken);

    /// <summary>The first of a message, oldest first.</summary>
    public static Task<IReadOnlyList<DeliveryRepetition>> OfMessageAsync(BackofficeDbContext context, string messageId, CancellationToken cancellationToken) =>
        ListAsync(context.Repetitions.Where(repetition => repetition.MessageId == messageId), cancellationToken);

    private static async Task<IReadOnlyList<DeliveryRepetition>> ListAsync(IQueryable<DeliveryRepetition> repetitions, CancellationToken cancellationToken) =>
        await repetitions.AsNoTracking().OrderBy(repetition => repetition.Id).Take(Most).ToListAsync(cancellationToken);
}
