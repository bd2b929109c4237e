using MassTransit;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.InventoryService.Data;
using OrderSample.InventoryService.ReservingStock;

namespace OrderSample.InventoryService.CommittingStock;

/// <summary>
/// Takes what is held for an order out of the warehouse. If nothing is held for it there is no answer, and the saga's
/// timeout deals with that: a wrong answer could deliver what was given to somebody else.
/// </summary>
internal sealed class CommitStockConsumer(InventoryDbContext context, TimeProvider time, ILogger<CommitStockConsumer> logger)
    : IConsumer<CommitStock>
{
    public async Task Consume(ConsumeContext<CommitStock> message)
    {
        var orderId = message.Message.OrderId;
        var reservation = await context.LockReservationAsync(orderId, message.CancellationToken);
        if (reservation is { Status: ReservationStatus.Held })
        {
            var products = await context.LockProductsAsync(reservation.Lines.Select(line => line.Sku), message.CancellationToken);
            StockDecision.Commit(reservation.Lines, products);
            reservation.Status = ReservationStatus.Committed;
            reservation.UpdatedAt = time.GetUtcNow();
        }

        logger.LogInformation("Stock of order {OrderId} is {Status}", orderId, reservation?.Status.ToString() ?? "unknown");
        if (reservation is { Status: ReservationStatus.Committed })
            await message.Publish(new StockCommitted(orderId), message.CancellationToken);
        else
            logger.LogError("Nothing is held for order {OrderId} that could be committed", orderId);
    }
}
