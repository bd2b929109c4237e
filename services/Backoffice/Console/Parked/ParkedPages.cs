using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Console.Parked;

/// <summary>What a list of parked messages shows.</summary>
/// <param name="Service">Whose.</param>
/// <param name="After">The last message of the page before; 0 for the first page.</param>
public sealed record ParkedQuery(string Service, long After);

/// <summary>Registers what the page about parked messages reads.</summary>
internal static class ParkedPages
{
    /// <summary>Rows of a page.</summary>
    public const int PageSize = 25;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static void AddParkedPages(this WebApplicationBuilder builder) =>
        builder.Services.AddLiveFeed<ParkedQuery, ParkedRows>(query => query.Service, Interval, (services, query, cancellationToken) =>
            services.GetRequiredService<AnyServiceClient>().ListParkedAsync(query.Service, query.After, PageSize, cancellationToken));
}
