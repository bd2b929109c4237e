using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.NotificationService.Data;

namespace OrderSample.NotificationService.ReadingNotifications;

/// <summary>One notification.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Kind">What the customer was told.</param>
/// <param name="Channel">How.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Attempts">How often sending was tried.</param>
/// <param name="SentAt">When it was sent, UTC; missing unless it was.</param>
public sealed record NotificationDetails(
    Guid OrderId, NotificationKind Kind, NotificationChannel Channel, NotificationStatus Status, int Attempts, DateTimeOffset? SentAt);

internal static class ListNotifications
{
    public static void MapReadingNotifications(this IEndpointRouteBuilder app) =>
        app.MapGet("/notifications", ListAsync).WithName("ListNotifications").WithTags("Notifications");

    /// <summary>All notifications of one order, oldest first: a handful, so there are no pages.</summary>
    private static async Task<Ok<NotificationDetails[]>> ListAsync(
        Guid orderId, NotificationDbContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await context.Notifications.Where(x => x.OrderId == orderId)
            .OrderBy(x => x.CreatedAt).ThenBy(x => x.Kind).ThenBy(x => x.Channel)
            .Select(x => new NotificationDetails(x.OrderId, x.Kind, x.Channel, x.Status, x.Attempts, x.SentAt))
            .ToArrayAsync(cancellationToken));
}
