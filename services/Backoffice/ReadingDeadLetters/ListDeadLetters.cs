using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.ReadingDeadLetters;

/// <summary>
/// Lists dead letters page by page. A page begins after a dead letter, not at a count, so that it costs the same however
/// deep it is, and new ones don't shift what follows.
/// </summary>
internal static class ListDeadLetters
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static async Task<Results<Ok<DeadLetterPage>, ValidationProblem>> ListAsync(
        string? group, string? status, string? queue, string? after, string? limit, BackofficeDbContext context, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var letters = context.DeadLetters.AsNoTracking();
        if (group is not null && errors.Check(Guid.TryParse(group, out var groupId), "group", "is not the id of a group"))
            letters = letters.Where(letter => letter.GroupId == groupId);
        if (Status(status, errors) is { } wanted)
            letters = letters.Where(letter => letter.Status == wanted);
        if (queue is not null && errors.Check(queue.Length <= DeadLetter.MaxNameLength && !queue.Any(char.IsControl), "queue", "is not the name of a queue"))
            letters = letters.Where(letter => letter.Queue == queue);
        if (after is not null && errors.Check(long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var last), "after", "is not the id of a dead letter"))
            letters = letters.Where(letter => letter.Id < last);
        var count = DefaultLimit;
        errors.Check(limit is null || (int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MaxLimit),
            "limit", $"must be 1 to {MaxLimit}");
        if (!errors.None)
            return errors.ToResult();

        return TypedResults.Ok(await PageAsync(letters, count, cancellationToken));
    }

    /// <summary>The newest of some dead letters.</summary>
    public static async Task<DeadLetterPage> PageAsync(IQueryable<DeadLetter> letters, int count, CancellationToken cancellationToken)
    {
        var items = await letters.OrderByDescending(letter => letter.Id).Take(count + 1).Select(Summaries.Of).ToListAsync(cancellationToken);
        return items.Count <= count ? new DeadLetterPage(items, null) : new DeadLetterPage(items[..count], items[count - 1].Id);
    }

    private static DeadLetterStatus? Status(string? status, ValidationErrors errors)
    {
        if (status is null)
            return null;

        var names = Enum.GetNames<DeadLetterStatus>();
        var known = names.FirstOrDefault(name => string.Equals(name, status, StringComparison.OrdinalIgnoreCase));
        errors.Check(known is not null, "status", "must be one of " + string.Join(", ", names));
        return known is null ? null : Enum.Parse<DeadLetterStatus>(known);
    }
}
