using System.Collections.Immutable;
using OrderSample.InventoryService.Data;

namespace OrderSample.Services.RealServers.Tests.Inventory;

/// <summary>
/// An inventory that does one thing after another. It knows nothing but what became of each order's claim: how much
/// stock there is follows from that.
/// </summary>
/// <param name="Scenario">Stock and orders.</param>
/// <param name="Claims">What became of the orders it has heard of, by index.</param>
internal sealed record ModelInventory(Scenario Scenario, ImmutableDictionary<int, ReservationStatus> Claims)
{
    public int OnHand(int product) => Scenario.OnHand[product] - Sum(product, ReservationStatus.Committed);

    public int Reserved(int product) => Sum(product, ReservationStatus.Held);

    /// <returns>The inventory after the command, and the name of the answering event; empty when there is no answer.</returns>
    public (ModelInventory After, string Answer) Do(Command command)
    {
        var claim = Claims.TryGetValue(command.Order, out var known) ? known : (ReservationStatus?)null;
        return (command.Ask, claim) switch
        {
            (Ask.Reserve, null) => IsEnoughFor(command.Order)
                ? (With(command.Order, ReservationStatus.Held), "StockReserved")
                : (With(command.Order, ReservationStatus.Refused), "StockShort"),
            (Ask.Reserve, ReservationStatus.Held or ReservationStatus.Committed) => (this, "StockReserved"),
            (Ask.Reserve, ReservationStatus.Refused) => (this, "StockShort"),
            (Ask.Reserve, ReservationStatus.Released) => (this, "StockReleased"),
            (Ask.Commit, ReservationStatus.Held or ReservationStatus.Committed) => (With(command.Order, ReservationStatus.Committed), "StockCommitted"),
            (Ask.Commit, _) => (this, ""),
            (Ask.Release, ReservationStatus.Refused) => (this, "StockReleased"),
            (Ask.Release, _) => (With(command.Order, ReservationStatus.Released), "StockReleased"),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "unknown"),
        };
    }

    public override string ToString() => string.Join(", ", Claims.OrderBy(x => x.Key).Select(x => $"{x.Key} {x.Value}"));

    private bool IsEnoughFor(int order) =>
        Enumerable.Range(0, Scenario.OnHand.Length).All(product => Scenario.Orders[order][product] <= OnHand(product) - Reserved(product));

    private int Sum(int product, ReservationStatus status) =>
        Claims.Where(x => x.Value == status).Sum(x => Scenario.Orders[x.Key][product]);

    private ModelInventory With(int order, ReservationStatus status) => this with { Claims = Claims.SetItem(order, status) };
}
