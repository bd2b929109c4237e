using MassTransit;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Reconciling;
using OrderSample.Contracts.Reconciling.Commands;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.InventoryService.Data;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.InventoryService.Reconciling;

/// <summary>Tells the order service how reservations stand. Reads only, so asking twice does no harm.</summary>
internal sealed class ReservationsReporter(InventoryDbContext context, IQueueMonitor queues)
    : IConsumer<ReportReservations>, IConsumer<ReportChangedReservations>
{
    public async Task Consume(ConsumeContext<ReportReservations> message)
    {
        var (runId, pageId, orderIds, asOf) = message.Message;
        var found = await ReadAsync(context.Reservations.Where(x => orderIds.Contains(x.OrderId)), message.CancellationToken);
        await AnswerAsync(message, runId, pageId, found, next: null, asOf);
    }

    public async Task Consume(ConsumeContext<ReportChangedReservations> message)
    {
        var (runId, pageId, after, to, asOf) = message.Message;
        var period = context.Reservations
            .Where(x => x.UpdatedAt <= to
                && x.UpdatedAt >= after.At && (x.UpdatedAt > after.At || x.OrderId.CompareTo(after.OrderId) > 0))
            .OrderBy(x => x.UpdatedAt).ThenBy(x => x.OrderId)
            .Take(ReconciliationAddresses.MaxOrders);
        var page = await ReadAsync(period, message.CancellationToken);
        var next = page.Count < ReconciliationAddresses.MaxOrders ? null : new LedgerPosition(page[^1].UpdatedAt, page[^1].Reservation.OrderId);
        await AnswerAsync(message, runId, pageId, page, next, asOf);
    }

    private Task AnswerAsync(ConsumeContext message, Guid runId, Guid pageId, List<(DateTimeOffset UpdatedAt, ReportedReservation Reservation)> page,
        LedgerPosition? next, DateTimeOffset? asOf)
    {
        const string queue = InventoryAddresses.ReservationsQueue;
        var takenUntil = asOf is { } moment ? queues.TakenAsOf(moment, queue) : null;
        return message.Publish(new ReservationsReported(runId, pageId, [.. page.Select(x => x.Reservation)], next, takenUntil, queues.Describe(queue)), message.CancellationToken);
    }

    private static async Task<List<(DateTimeOffset UpdatedAt, ReportedReservation Reservation)>> ReadAsync(
        IQueryable<Reservation> query, CancellationToken cancellationToken)
    {
        var rows = await query.AsNoTracking().Select(x => new { x.OrderId, x.Status, x.Lines, x.UpdatedAt }).ToListAsync(cancellationToken);
        return [.. rows.Select(x => (x.UpdatedAt, new ReportedReservation(x.OrderId, ClaimOf(x.Status), x.Lines)))];
    }

    private static StockClaim ClaimOf(ReservationStatus status) => status switch
    {
        ReservationStatus.Held => StockClaim.Held,
        ReservationStatus.Committed => StockClaim.Committed,
        ReservationStatus.Released => StockClaim.Released,
        ReservationStatus.Refused => StockClaim.Refused,
        _ => throw new InvalidOperationException($"A reservation has the unknown status {status}."),
    };
}
