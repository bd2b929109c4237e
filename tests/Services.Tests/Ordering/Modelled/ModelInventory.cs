using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.InventoryService.Data;
using OrderSample.InventoryService.ReservingStock;

namespace OrderSample.Services.Tests.Ordering.Modelled;

/// <summary>The inventory by its own rules, with one product and no database: holds, refuses, commits, releases, and leaves tombstones.</summary>
internal sealed class ModelInventory(int onHand)
{
    public const string Sku = "CUP";

    private readonly Product _product = new() { Sku = Sku, Name = "Cup", OnHand = onHand };
    private readonly Dictionary<Guid, Reservation> _reservations = [];

    public ReservationStatus? StatusOf(Guid orderId) => _reservations.GetValueOrDefault(orderId)?.Status;

    /// <returns>The answer; null when there is none.</returns>
    public object? Handle(object command)
    {
        var answer = command switch
        {
            ReserveStock x => Reserve(x),
            CommitStock x => Commit(x.OrderId),
            ReleaseStock x => Release(x.OrderId),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "not a command of the inventory"),
        };
        MustBalance();
        return answer;
    }

    /// <summary>Nothing is held but for reservations, and nothing has left but for commits.</summary>
    public void MustBalance()
    {
        Assert.InRange(_product.Reserved, 0, _product.OnHand);
        Assert.Equal(QuantityOf(ReservationStatus.Held), _product.Reserved);
        Assert.Equal(QuantityOf(ReservationStatus.Committed), onHand - _product.OnHand);
    }

    public int QuantityOf(ReservationStatus status) =>
        _reservations.Values.Where(x => x.Status == status).Sum(x => x.Lines.Sum(line => line.Quantity));

    private object Reserve(ReserveStock command)
    {
        var reservation = _reservations.GetValueOrDefault(command.OrderId);
        if (reservation is null)
        {
            var shortages = StockDecision.FindShortages(command.Lines, Products);
            if (shortages.Count == 0)
                StockDecision.Hold(command.Lines, Products);
            reservation = Add(command.OrderId, shortages.Count == 0 ? ReservationStatus.Held : ReservationStatus.Refused, command.Lines);
        }

        return reservation.Status switch
        {
            ReservationStatus.Held or ReservationStatus.Committed => new StockReserved(command.OrderId),
            ReservationStatus.Refused => new StockShort(command.OrderId, [new Shortage(Sku, 1, 0)]),
            _ => new StockReleased(command.OrderId),
        };
    }

    private StockCommitted? Commit(Guid orderId)
    {
        var reservation = _reservations.GetValueOrDefault(orderId);
        if (reservation is { Status: ReservationStatus.Held })
        {
            StockDecision.Commit(reservation.Lines, Products);
            reservation.Status = ReservationStatus.Committed;
        }

        return reservation is { Status: ReservationStatus.Committed } ? new StockCommitted(orderId) : null;
    }

    private StockReleased Release(Guid orderId)
    {
        var reservation = _reservations.GetValueOrDefault(orderId) ?? Add(orderId, ReservationStatus.Released, []);
        if (reservation.Status == ReservationStatus.Held)
            StockDecision.Release(reservation.Lines, Products);
        if (reservation.Status == ReservationStatus.Committed)
            StockDecision.TakeBack(reservation.Lines, Products);
        if (reservation.Status != ReservationStatus.Refused)
            reservation.Status = ReservationStatus.Released;
        return new StockReleased(orderId);
    }

    private Dictionary<string, Product> Products => new() { [Sku] = _product };

    private Reservation Add(Guid orderId, ReservationStatus status, IReadOnlyList<StockLine> lines)
    {
        var added = new Reservation { OrderId = orderId, Status = status, Lines = lines, CreatedAt = default, UpdatedAt = default };
        _reservations.Add(orderId, added);
        return added;
    }
}
