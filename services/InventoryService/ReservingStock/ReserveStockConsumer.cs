using MassTransit;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.InventoryService.Data;

namespace OrderSample.InventoryService.ReservingStock;

/// <summary>Holds all lines of an order or none. Asked again, it answers with where the reservation stands.</summary>
internal sealed class ReserveStockConsumer(InventoryDbContext context, TimeProvider time, ILogger<ReserveStockConsumer> logger)
    : IConsumer<ReserveStock>
{
    public async Task Consume(ConsumeContext<ReserveStock> message)
    {
        var (orderId, lines) = (message.Message.OrderId, message.Message.Lines);
        StockDecision.Check(lines);
        var reservation = await context.LockReservationAsync(orderId, message.CancellationToken);
        if (reservation is null)
        {
            var products = await context.LockProductsAsync(lines.Select(line => line.Sku), message.CancellationToken);
            var shortages = StockDecision.FindShortages(lines, products);
            if (shortages.Count == 0)
                StockDecision.Hold(lines, products);

            var now = time.GetUtcNow();
            reservation = new Reservation
            {
                OrderId = orderId,
                Status = shortages.Count == 0 ? ReservationStatus.Held : ReservationStatus.Refused,
                Lines = lines,
                Shortages = shortages,
                CreatedAt = now,
                UpdatedAt = now,
            };
            // Two messages of one order at once: the key lets one of them through, the other is retried and finds it.
            context.Reservations.Add(reservation);
        }

        logger.LogInformation("Stock of order {OrderId} is {Status}", reservation.OrderId, reservation.Status);
        await AnswerAsync(message, reservation);
    }

    private static Task AnswerAsync(ConsumeContext message, Reservation reservation) => reservation.Status switch
    {
        ReservationStatus.Held or ReservationStatus.Committed => message.Publish(new StockReserved(reservation.OrderId), message.CancellationToken),
        ReservationStatus.Refused => message.Publish(new StockShort(reservation.OrderId, reservation.Shortages), message.CancellationToken),
        _ => message.Publish(new StockReleased(reservation.OrderId), message.CancellationToken),
    };
}
