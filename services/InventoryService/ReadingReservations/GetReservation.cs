using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Inventory;
using OrderSample.InventoryService.Data;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.InventoryService.ReadingReservations;

/// <summary>An order's claim on the stock.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Lines">What is, was, or was asked to be held.</param>
public sealed record ReservationDetails(Guid OrderId, ReservationStatus Status, IReadOnlyList<StockLine> Lines);

internal static class GetReservation
{
    private static readonly ReservationDetails Example = new(
        new Guid("11111111-1111-1111-1111-111111111111"), ReservationStatus.Held, [new StockLine("KETTLE", 2)]);

    public static void MapReadingReservation(this IEndpointRouteBuilder app) =>
        app.MapGet("/reservations/{orderId}", GetAsync).WithName("GetReservation").WithTags("Reservations")
            .WithSummary("Look at the reservation of an order")
            .WithParameter("orderId", "The order.", Example.OrderId)
            .WithResponse(StatusCodes.Status200OK, "The reservation and its products.", Example)
            .WithResponse(StatusCodes.Status404NotFound, "The inventory has not heard of this order.");

    private static async Task<Results<Ok<ReservationDetails>, NotFound>> GetAsync(
        Guid orderId, InventoryDbContext context, CancellationToken cancellationToken) =>
        await context.Reservations.AsNoTracking().SingleOrDefaultAsync(x => x.OrderId == orderId, cancellationToken) is { } reservation
            ? TypedResults.Ok(new ReservationDetails(orderId, reservation.Status, reservation.Lines))
            : TypedResults.NotFound();
}
