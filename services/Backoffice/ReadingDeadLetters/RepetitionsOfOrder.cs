using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.ReadingDeadLetters;

/// <summary>Finds which of an order's messages were delivered more than once.</summary>
internal static class RepetitionsOfOrder
{
    private const int Most = 50;

    /// <summary>The first of an order, oldest first.</summary>
    public static async Task<IReadOnlyList<DeliveryRepetition>> ListAsync(BackofficeDbContext context, Guid orderId, CancellationToken cancellationToken) =>
        await context.Repetitions.AsNoTracking().Where(repetition => repetition.OrderId == orderId).OrderBy(repetition => repetition.Id).Take(Most).ToListAsync(cancellationToken);
}
