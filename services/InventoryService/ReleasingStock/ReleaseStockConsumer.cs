using MassTransit;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.InventoryService.Data;
using OrderSample.InventoryService.ReservingStock;

namespace OrderSample.InventoryService.ReleasingStock;

/// <summary>
/// Gives back what is held for an order, and also what was committed: an order is released only if it can't complete any
/// more, and nothing is delivered for an order that isn't completed. A release that overtakes its reservation leaves a
/// tombstone, which refuses the reservation when it comes. Whatever comes for the order later has no effect.
/// </summary>
internal sealed class ReleaseStockConsumer(InventoryDbContext context, TimeProvider time, ILogger<ReleaseStockConsumer> logger)
    : IConsumer<ReleaseStock>
{
    public async Task Consume(ConsumeContext<ReleaseStock> message)
    {
        var orderId = message.Message.OrderId;
        var reservation = await context.LockReservationAsync(orderId, message.CancellationToken);
        switch (reservation)
        {
            case null:
                reservation = Tombstone(orderId);
                context.Reservations.Add(reservation);
                break;
            case { Status: ReservationStatus.Held }:
                StockDecision.Release(reservation.Lines, await LockProductsAsync(reservation, message.CancellationToken));
                End(reservation);
                break;
            case { Status: ReservationStatus.Committed }:
                StockDecision.TakeBack(reservation.Lines, await LockProductsAsync(reservation, message.CancellationToken));
                End(reservation);
                logger.LogWarning("Stock of order {OrderId} is released: its commit is reversed", reservation.OrderId);
                break;
        }

        logger.LogInformation("Stock of order {OrderId} is {Status}", reservation.OrderId, reservation.Status);
        await message.Publish(new StockReleased(orderId), message.CancellationToken);
    }

    private Task<IReadOnlyDictionary<string, Product>> LockProductsAsync(Reservation reservation, CancellationToken cancellationToken) =>
        context.LockProductsAsync(reservation.Lines.Select(line => line.Sku), cancellationToken);

    private void End(Reservation reservation)
    {
        reservation.Status = ReservationStatus.Released;
        reservation.UpdatedAt = time.GetUtcNow();
    }

    private Reservation Tombstone(Guid orderId)
    {
        var now = time.GetUtcNow();
        return new Reservation { OrderId = orderId, Status = ReservationStatus.Released, Lines = [], CreatedAt = now, UpdatedAt = now };
    }
}
