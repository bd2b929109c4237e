using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.Console.Access;

/// <summary>Registers what the pages about people read.</summary>
internal static class AccessPages
{
    /// <summary>Rows of the audit trail that are shown.</summary>
    public const int PageSize = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static void AddAccessPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddLiveFeed<AuditQuery, List<OperatorAction>>("The backoffice's database", Interval, (services, query, cancellationToken) =>
            services.GetRequiredService<BackofficeDbContext>().OperatorActions.AsNoTracking()
                .Where(action => query.Before == null || action.Id < query.Before).Matching(query.Search)
                .OrderByDescending(action => action.Id).Take(PageSize).ToListAsync(cancellationToken));
        builder.Services.AddLiveFeed<LinksQuery, List<SignInLink>>("The backoffice's database", Interval, (services, query, cancellationToken) =>
            services.GetRequiredService<BackofficeDbContext>().SignInLinks.AsNoTracking().In(query.State, services.GetRequiredService<TimeProvider>().GetUtcNow())
                .OrderByDescending(link => link.Id).Take(PageSize).ToListAsync(cancellationToken));
    }
}

/// <summary>A page of the audit trail.</summary>
/// <param name="Before">Only what is older than this row; null for the newest.</param>
/// <param name="Search">Only what has this text, whatever its case; null for all.</param>
public sealed record AuditQuery(long? Before, string? Search)
{
    /// <summary>Longest text that is searched for, in characters.</summary>
    public const int MaxSearchLength = 200;

    /// <summary>What somebody has typed, as it is searched for; null for nothing.</summary>
    public static string? Normalize(string? search) => search?.Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, MaxSearchLength)] : null;

    /// <summary>The page of the actions that have a text.</summary>
    public static string AddressOf(string? search) => Normalize(search) is { } text ? $"/audit?search={Uri.EscapeDataString(text)}" : "/audit";
}

/// <summary>Sign-in links.</summary>
/// <param name="State">Only those in this state; null for all.</param>
public sealed record LinksQuery(LinkState? State);

/// <summary>What has become of a sign-in link.</summary>
public enum LinkState
{
    /// <summary>It can be used.</summary>
    Open,

    /// <summary>Somebody came in by it.</summary>
    Used,

    /// <summary>Nobody came in by it in time.</summary>
    Expired,
}

/// <summary>What is chosen of people's actions and links.</summary>
internal static class AccessFilters
{
    /// <summary>Actions that have a text somewhere.</summary>
    public static IQueryable<OperatorAction> Matching(this IQueryable<OperatorAction> actions, string? search)
    {
        if (search?.ToLowerInvariant() is not { } text)
            return actions;
#pragma warning disable CA1304, CA1311, CA1862 // It is SQL's lower() that is called.
        return actions.Where(action =>
            (action.By + "\n" + action.What + "\n" + action.Target + "\n" + (action.Reason ?? "") + "\n" + (action.Outcome ?? "")).ToLower().Contains(text));
#pragma warning restore CA1304, CA1311, CA1862
    }

    /// <summary>Links in a state.</summary>
    public static IQueryable<SignInLink> In(this IQueryable<SignInLink> links, LinkState? state, DateTimeOffset now) => state switch
    {
        LinkState.Open => links.Where(link => link.UsedAt == null && link.ExpiresAt > now),
        LinkState.Used => links.Where(link => link.UsedAt != null),
        LinkState.Expired => links.Where(link => link.UsedAt == null && link.ExpiresAt <= now),
        _ => links,
    };

    /// <summary>The state of a link.</summary>
    public static LinkState StateAt(this SignInLink link, DateTimeOffset now) =>
        link.UsedAt is not null ? LinkState.Used : link.ExpiresAt <= now ? LinkState.Expired : LinkState.Open;
}
