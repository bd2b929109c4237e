using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.ReadingDeadLetters;

/// <summary>A dead letter as a part of an order's story.</summary>
/// <param name="Letter">The dead letter.</param>
/// <param name="Redeliveries">In the last attempt: how often it was delayed and tried again.</param>
/// <param name="Retries">In the last attempt: immediate retries after its last redelivery.</param>
/// <param name="Actions">What was done to it, oldest first.</param>
/// <param name="LastCopyAt">When the last of its copies failed, UTC; null if there is none.</param>
public sealed record DeadLetterOfOrder(DeadLetterSummary Letter, int Redeliveries, int Retries, IReadOnlyList<DeadLetterActionView> Actions, DateTimeOffset? LastCopyAt = null);

/// <summary>Finds what failed of an order's messages.</summary>
internal static class DeadLettersOfOrder
{
    private const int Most = 50;

    /// <summary>The first cases of an order, oldest first.</summary>
    public static async Task<IReadOnlyList<DeadLetterOfOrder>> ListAsync(BackofficeDbContext context, Guid orderId, CancellationToken cancellationToken)
    {
        var ofOrder = context.DeadLetters.AsNoTracking().Where(letter => letter.OrderId == orderId).OrderBy(letter => letter.Id).Take(Most);
        var letters = await ofOrder.Select(Summaries.Of).ToListAsync(cancellationToken);
        if (letters.Count == 0)
            return [];

        var tries = await ofOrder.Select(letter => new { letter.Id, letter.Redeliveries, letter.Retries }).ToDictionaryAsync(letter => letter.Id, cancellationToken);
        long[] ids = [.. letters.Select(letter => letter.Id)];
        var actions = (await context.Actions.AsNoTracking().Where(action => ids.Contains(action.DeadLetterId)).OrderBy(action => action.Id)
            .Select(action => new { action.DeadLetterId, View = new DeadLetterActionView(action.Action, action.By, action.Reason, action.At, action.Problem) })
            .ToListAsync(cancellationToken)).ToLookup(action => action.DeadLetterId, action => action.View);
        var copies = await context.Copies.AsNoTracking().Where(copy => ids.Contains(copy.DeadLetterId)).GroupBy(copy => copy.DeadLetterId)
            .Select(group => new { group.Key, LastAt = group.Max(copy => copy.At) }).ToDictionaryAsync(group => group.Key, group => group.LastAt, cancellationToken);
        return [.. letters.Where(letter => tries.ContainsKey(letter.Id))
            .Select(letter => new DeadLetterOfOrder(letter, tries[letter.Id].Redeliveries, tries[letter.Id].Retries, [.. actions[letter.Id]],
                copies.TryGetValue(letter.Id, out var lastCopyAt) ? lastCopyAt : null))];
    }
}
