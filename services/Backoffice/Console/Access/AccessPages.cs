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
                .Where(action => query.Before == null || action.Id < query.Before)
                .OrderByDescending(action => action.Id).Take(PageSize).ToListAsync(cancellationToken));
        builder.Services.AddLiveFeed<Everything, List<SignInLink>>("The backoffice's database", Interval, (services, _, cancellationToken) =>
            services.GetRequiredService<BackofficeDbContext>().SignInLinks.AsNoTracking()
                .OrderByDescending(link => link.Id).Take(PageSize).ToListAsync(cancellationToken));
    }
}

/// <summary>A page of the audit trail.</summary>
/// <param name="Before">Only what is older than this row; null for the newest.</param>
public sealed record AuditQuery(long? Before);
