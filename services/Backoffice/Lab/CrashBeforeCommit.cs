using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;
using OrderSample.ServiceDefaults.Messaging.Redelivery;

namespace OrderSample.Backoffice.Lab;

/// <summary>A process that dies between its work and the commit has done nothing.</summary>
internal sealed class CrashBeforeCommit : Experiment
{
    private Guid _order;
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "crash-before-commit", "A crash between work and commit", Hops.BrokerToConsumer,
        "The inventory dies when it has reserved the stock, and before that is committed. Started again it takes the same command again, and the stock is held once.",
        new Explanation(
            "Work, answer and inbox row are one transaction: what is not committed has not happened. The broker has no acknowledgement then, and delivers the message again.",
            "consumer-acks",
            "AServiceIsBrokenOnPurpose.When_a_service_crashes_between_its_work_and_the_commit_the_order_completes_after_its_restart_and_nothing_is_done_twice",
            new CodePlace("ServiceDefaults/Chaos/ChaosFilter.cs", "self.Kill();"),
            new CodePlace("outbox/MassTransit.EntityFrameworkCore/Inbox/InboxOutboxContextFactory.cs", "await inbox.TryInsert(")),
        Seconds: 20);

    public override IReadOnlyList<string> Queues => ["inventory-reservations"];

    public override string? Lacks(SystemShape system) => system.LacksSingleReplicas;

    public override IReadOnlyList<Step> Steps =>
    [
        new("Have the inventory crash at a product", $"Chaos: crash SKU {Sku} for inventory-service.", 30, async (lab, token) =>
        {
            _before = await lab.StockAsync(100, token);
            await lab.SetChaosAsync(ServiceNames.Inventory, new ChaosState(CrashOnSku: Sku), token);
        }),
        new("Order it", $"Orders: order two {Sku}. Chaos: inventory-service is Crashed.", 60, async (lab, token) =>
        {
            _order = await lab.PlaceAsync(token, quantity: 2);
            await lab.IsAsync(ServiceNames.Inventory, "Crashed", token);
            var order = await lab.FindOrderAsync(_order, token);
            lab.Claim("The order waits for its stock.", order.Status == "Submitted", order.Status);
            await lab.NoteLogAsync(ServiceNames.Inventory, "The chaos switch ends this process", token);
        }),
        new("Start the inventory", "Chaos: start inventory-service.", 90, (lab, token) => lab.StartAsync(ServiceNames.Inventory, token)),
        new("See the order complete, with its stock counted once", "The order's page: pay it. It says that the command was delivered twice, and counted once.", 90, async (lab, token) =>
        {
            await lab.PayAndCompleteAsync(_order, token, quantity: 2);
            await lab.ClaimReservationAsync(_order, "Committed", token);
            await lab.ClaimStockAsync(_before, sold: 2, token);
            var again = await lab.UntilAsync("the desk to know of the second delivery", cancel => lab.System.RepetitionsAsync(_order, cancel),
                found => found.Any(x => x.Cause == RepetitionCause.Unacknowledged), _ => "not yet", token);
            lab.Note("Second delivery", $"delivered {again.First(x => x.Cause == RepetitionCause.Unacknowledged).Deliveries} times, counted once", $"/orders/{_order}");
        }),
    ];
}
