using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.ReadingDeadLetters;

/// <summary>Lists groups, those with most open ones first.</summary>
internal static class ListGroups
{
    private const int MaxGroups = 500;

    public static async Task<Ok<List<DeadLetterGroup>>> ListAsync(BackofficeDbContext context, CancellationToken cancellationToken)
    {
        var groups = await context.DeadLetters
            .GroupBy(letter => new { letter.GroupId, letter.Cause, letter.ExceptionType, letter.MessageType, letter.Endpoint })
            .Select(group => new
            {
                group.Key,
                Open = group.Count(letter => letter.Status == DeadLetterStatus.Open),
                Replayed = group.Count(letter => letter.Status == DeadLetterStatus.Replayed),
                Handled = group.Count(letter => letter.Status == DeadLetterStatus.Handled),
                Discarded = group.Count(letter => letter.Status == DeadLetterStatus.Discarded),
                FirstAt = group.Min(letter => letter.FirstAt),
                LastAt = group.Max(letter => letter.LastAt),
            })
            .OrderByDescending(group => group.Open).ThenByDescending(group => group.LastAt)
            .Take(MaxGroups)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(groups.ConvertAll(group => new DeadLetterGroup(
            group.Key.GroupId, group.Key.Cause, group.Key.ExceptionType, group.Key.MessageType, group.Key.Endpoint,
            group.Open, group.Replayed, group.Handled, group.Discarded, group.FirstAt, group.LastAt)));
    }
}
