using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.ReadingDeadLetters;

/// <summary>Finds which messages were delivered more than once.</summary>
internal static class ListRepetitions
{
    private const int Most = 50;

    /// <summary>The first of an order, oldest first.</summary>
    public static Task<List<DeliveryRepetition>> OfOrderAsync(BackofficeDbContext context, Guid orderId, CancellationToken cancellationToken) =>
        ListAsync(context.Repetitions.Where(repetition => repetition.OrderId == orderId), cancellationToken);

    /// <summary>The first of a message, oldest first.</summary>
    public static Task<List<DeliveryRepetition>> OfMessageAsync(BackofficeDbContext context, string messageId, CancellationToken cancellationToken) =>
        ListAsync(context.Repetitions.Where(repetition => repetition.MessageId == messageId), cancellationToken);

    private static Task<List<DeliveryRepetition>> ListAsync(IQueryable<DeliveryRepetition> repetitions, CancellationToken cancellationToken) =>
        repetitions.AsNoTracking().OrderBy(repetition => repetition.Id).Take(Most).ToListAsync(cancellationToken);
}
