using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReadingDeadLetters;

namespace OrderSample.Backoffice.Console.Desk;

/// <summary>What a list of dead letters shows.</summary>
/// <param name="Group">Only those of this group; null for all.</param>
/// <param name="Status">Only those; null for all.</param>
/// <param name="After">The last dead letter of the page before; null for the first page.</param>
public sealed record DeadLetterQuery(Guid? Group, DeadLetterStatus? Status, long? After);

/// <summary>One dead letter, if there is one of that number.</summary>
/// <param name="Details">Everything about it; null when there is none.</param>
/// <param name="Repetitions">How often it was delivered before, as far as its endpoint has reported it.</param>
public sealed record DeadLetterCase(DeadLetterDetails? Details, IReadOnlyList<DeliveryRepetition> Repetitions);

/// <summary>Registers what the dead-letter desk reads and does.</summary>
internal static class DeskPages
{
    /// <summary>Rows of a page.</summary>
    public const int PageSize = 25;

    private const string Source = "The backoffice's database";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Counts all dead letters there are.
    private static readonly TimeSpan GroupsInterval = TimeSpan.FromSeconds(2);

    public static void AddDeskPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DeadLetterDesk>();
        builder.Services.AddSingleton<BulkDecisions>();
        builder.Services.AddLiveFeed<Everything, List<DeadLetterGroup>>(Source, GroupsInterval, async (services, _, cancellationToken) =>
            (await ListGroups.ListAsync(services.GetRequiredService<BackofficeDbContext>(), cancellationToken)).Value!);
        builder.Services.AddLiveFeed<DeadLetterQuery, DeadLetterPage>(Source, Interval, async (services, query, cancellationToken) =>
            await ListAsync(services.GetRequiredService<BackofficeDbContext>(), query, cancellationToken));
        builder.Services.AddLiveFeed<long, DeadLetterCase>(Source, Interval, async (services, id, cancellationToken) =>
            await FindAsync(services.GetRequiredService<BackofficeDbContext>(), id, cancellationToken));
    }

    private static async Task<DeadLetterCase> FindAsync(BackofficeDbContext context, long id, CancellationToken cancellationToken)
    {
        var details = await GetDeadLetter.FindAsync(id, context, cancellationToken);
        return new DeadLetterCase(details, details?.Summary.MessageId is { } message ? await ListRepetitions.OfMessageAsync(context, message, cancellationToken) : []);
    }

    private static Task<DeadLetterPage> ListAsync(BackofficeDbContext context, DeadLetterQuery query, CancellationToken cancellationToken)
    {
        var letters = context.DeadLetters.AsNoTracking();
        if (query.Group is { } group)
            letters = letters.Where(letter => letter.GroupId == group);
        if (query.Status is { } status)
            letters = letters.Where(letter => letter.Status == status);
        if (query.After is { } last)
            letters = letters.Where(letter => letter.Id < last);
        return ListDeadLetters.PageAsync(letters, PageSize, cancellationToken);
    }
}
