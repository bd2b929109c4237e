using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.NotificationService.Data;
using OrderSample.ServiceDefaults.Http.Describing;

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
    private static readonly NotificationDetails Example = new(
        new Guid("11111111-1111-1111-1111-111111111111"), NotificationKind.OrderReserved, NotificationChannel.Email, NotificationStatus.Sent, 1,
        new DateTimeOffset(2026, 11, 23, 9, 30, 1, TimeSpan.Zero));

    public static void MapReadingNotifications(this IEndpointRouteBuilder app) =>
        app.MapGet("/notifications", ListAsync).WithName("ListNotifications").WithTags("Notifications")
            .WithSummary("List the notifications of an order")
            .WithParameter("orderId", "The order.", Example.OrderId)
            .WithResponse(StatusCodes.Status200OK, "The order's notifications, oldest first; none for an order that is not known.", new[] { Example });

    /// <summary>All notifications of one order, oldest first: a handful, so there are no pages.</summary>
    private static async Task<Ok<NotificationDetails[]>> ListAsync(
        Guid orderId, NotificationDbContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(await context.Notifications.Where(x => x.OrderId == orderId)
            .OrderBy(x => x.CreatedAt).ThenBy(x => x.Kind).ThenBy(x => x.Channel)
            .Select(x => new NotificationDetails(x.OrderId, x.Kind, x.Channel, x.Status, x.Attempts, x.SentAt))
            .ToArrayAsync(cancellationToken));
}
