using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Inventory;
using OrderSample.InventoryService.Data;

namespace OrderSample.InventoryService.ReadingReservations;

/// <summary>An order's claim on the stock.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Lines">What is, was, or was asked to be held.</param>
public sealed record ReservationDetails(Guid OrderId, ReservationStatus Status, IReadOnlyList<StockLine> Lines);

internal static class GetReservation
{
    public static void MapReadingReservation(this IEndpointRouteBuilder app) =>
        app.MapGet("/reservations/{orderId}", GetAsync).WithName("GetReservation").WithTags("Reservations");

    private static async Task<Results<Ok<ReservationDetails>, NotFound>> GetAsync(
        Guid orderId, InventoryDbContext context, CancellationToken cancellationToken) =>
        await context.Reservations.AsNoTracking().SingleOrDefaultAsync(x => x.OrderId == orderId, cancellationToken) is { } reservation
            ? TypedResults.Ok(new ReservationDetails(orderId, reservation.Status, reservation.Lines))
            : TypedResults.NotFound();
}
