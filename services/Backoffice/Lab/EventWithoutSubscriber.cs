using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.Lab.Experimenting;
using OrderSample.Contracts.Inventory.Events;

namespace OrderSample.Backoffice.Lab;

/// <summary>An event that nobody is bound for is kept, and replayed.</summary>
internal sealed class EventWithoutSubscriber : Experiment
{
    private static readonly string Exchange = $"{typeof(StockReserved).Namespace}:{nameof(StockReserved)}";
    private Guid _order;
    private long _letter;

    public override Description About { get; } = new(
        "event-without-subscriber", "An event without a subscriber", Hops.Routing,
        "An event for which no queue is bound goes to the desk instead of nowhere. Replayed when its subscriber is bound again, its order goes on.",
        new Explanation(
            "Each event's exchange has an alternate exchange: what it can't route lands in the queue unrouted, and the desk collects it. A replay publishes it to its own exchange again.",
            "returns-and-alternate-exchange", "TheTopologyIsMended.When_the_exchange_of_an_event_is_deleted_orders_complete_without_a_restart_and_what_was_unrouted_is_one_group_to_replay",
            new CodePlace("AppHost/Breaking/Faults/MissingBinding.cs", "bindings/%2F/e/"),
            new CodePlace("services/Backoffice/ReplayingDeadLetters/ReplayPublisher.cs", "mandatory: true")),
        Seconds: 50);

    public override IReadOnlyList<string> Queues => ["unrouted"];

    public override string? Lacks(SystemShape system) => system.LacksSingleReplicas;

    public override IReadOnlyList<Step> Steps =>
    [
        new("Place an order while the inventory is slow", "Chaos: a delay of ten minutes for inventory-service. Orders: place an order.", 60, async (lab, token) =>
        {
            await lab.StockAsync(100, token);
            // The broker counts every five seconds: what it says then must not be of before.
            await lab.UntilAsync("inventory-reservations to be empty", lab.System.QueuesAsync, queues => queues.GetValueOrDefault("inventory-reservations") == 0, _ => "not yet", token);
            await lab.SetChaosAsync(ServiceNames.Inventory, new ChaosState(DelayMs: 600_000), token);
            _order = await lab.PlaceAsync(token);
            // Its command has left the order service, which is to be stopped.
            await lab.UntilAsync("its command in inventory-reservations", lab.System.QueuesAsync, queues => queues.GetValueOrDefault("inventory-reservations") > 0, _ => "not yet", token);
        }),
        new("Stop the order service, and unbind its event", $"Chaos: stop order-service. The broker's own page: delete what is bound to {Exchange}.", 60, async (lab, token) =>
        {
            await lab.StopAsync(ServiceNames.Orders, token);
            await lab.BreakAsync("missing-binding", Exchange, token);
        }),
        new("Let the inventory answer", "Chaos: restore inventory-service. Dead letters: its StockReserved, unrouted.", 60, async (lab, token) =>
        {
            await lab.RestoreAsync(ServiceNames.Inventory, token);
            var letters = await lab.UntilAsync("the event on the desk", cancel => lab.System.DeadLettersAsync(_order, cancel), found => found.Count > 0, _ => "not yet", token);
            _letter = letters[0].Letter.Id;
            lab.Note("Dead letter", $"{letters[0].Letter.MessageType}: {letters[0].Letter.ExceptionMessage ?? "no queue was bound for it"}", $"/desk/{_letter}");
            lab.Claim("The desk says that it was unrouted.", letters[0].Letter.Cause == DeadLetterCause.Unrouted, $"{letters[0].Letter.Cause}");
        }),
        new("Start the order service, and replay the event", "Chaos: start order-service, which binds its queue. Dead letters: replay the event, with a reason.", 90, async (lab, token) =>
        {
            await lab.StartAsync(ServiceNames.Orders, token);
            Trial.Must("Replay the event", await lab.System.ReplayAsync(_letter, lab.By, token));
        }),
        new("See the order go on", "The order's page: pay it.", 90, async (lab, token) =>
        {
            await lab.PayAndCompleteAsync(_order, token);
            await lab.ClaimReservationAsync(_order, "Committed", token);
        }),
    ];
}
