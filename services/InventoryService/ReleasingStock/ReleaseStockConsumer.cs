using MassTransit;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.InventoryService.Data;
using OrderSample.InventoryService.ReservingStock;

namespace OrderSample.InventoryService.ReleasingStock;

/// <summary>
/// Gives back what is held for an order. A release that overtakes its reservation leaves a tombstone, which refuses
/// the reservation when it comes.
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
                var products = await context.LockProductsAsync(reservation.Lines.Select(line => line.Sku), message.CancellationToken);
                StockDecision.Release(reservation.Lines, products);
                reservation.Status = ReservationStatus.Released;
                reservation.UpdatedAt = time.GetUtcNow();
                break;
        }

        logger.LogInformation("Release asked for: {Status}", reservation.Status);
        if (reservation.Status == ReservationStatus.Committed)
        {
            logger.LogError("Already committed, can't be released");
            await message.Publish(new StockCommitted(orderId), message.CancellationToken);
        }
        else
        {
            await message.Publish(new StockReleased(orderId), message.CancellationToken);
        }
    }

    private Reservation Tombstone(Guid orderId)
    {
        var now = time.GetUtcNow();
        return new Reservation { OrderId = orderId, Status = ReservationStatus.Released, Lines = [], CreatedAt = now, UpdatedAt = now };
    }
}
