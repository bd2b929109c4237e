using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;
using OrderSample.Contracts.Inventory;

namespace OrderSample.Backoffice.Lab;

/// <summary>A command that no queue takes comes back to its sender, and is parked.</summary>
internal sealed class CommandWithoutQueue : Experiment
{
    private static readonly Dictionary<string, string> FewAttempts = new()
    {
        ["Messaging:Outbox:MaxAttempts"] = "4",
        ["Messaging:Outbox:FirstDelay"] = "00:00:00.500",
        ["Messaging:Outbox:LongestDelay"] = "00:00:01",
    };

    private Guid _order;

    public override Description About { get; } = new(
        "command-without-queue", "A command without a queue", Hops.Routing,
        "A command that no queue takes is not lost: it is tried again, and then parked for a person. Sent again after the mistake is mended, its order goes on.",
        new Explanation(
            "Commands are published as mandatory, so the broker returns what it can't route instead of dropping it. The row stays in the outbox with the reason, and an operator sends it again or discards it, on record.",
            "returns-and-alternate-exchange", "WhatCanNotBeDeliveredIsParked.When_a_command_finds_no_queue_an_operator_sends_it_again_and_the_order_goes_on",
            new CodePlace("AppHost/Breaking/Faults/MissingBinding.cs", "bindings/%2F/e/"),
            new CodePlace("outbox/MassTransit.EntityFrameworkCore/Delivery/PublisherConnection.cs", "message.Mandatory")),
        Seconds: 60);

    public override IReadOnlyList<string> Outboxes => [ServiceNames.Orders];

    public override IReadOnlyList<Step> Steps =>
    [
        new("Have the order service try four times only", "./run.sh with --Messaging:Outbox:MaxAttempts=4 --Messaging:Outbox:LongestDelay=00:00:01; else it takes six minutes.", 90, async (lab, token) =>
        {
            await lab.StockAsync(100, token);
            await lab.RunWithAsync(ServiceNames.Orders, FewAttempts, token);
        }),
        new("Stop the inventory, and unbind its queue", "Chaos: stop inventory-service. The broker's own page: unbind inventory-reservations from its exchange.", 60, async (lab, token) =>
        {
            await lab.StopAsync(ServiceNames.Inventory, token);
            await lab.BreakAsync("missing-binding", InventoryAddresses.ReservationsQueue, token);
        }),
        new("Place an order, and see its command parked", "Orders: place an order. Parked messages: its command, with the reason.", 90, async (lab, token) =>
        {
            _order = await lab.PlaceAsync(token);
            var parked = await lab.UntilAsync("its command to be parked", lab.ParkedAsync, rows => rows.Count > 0, _ => "nothing parked", token);
            lab.Note("Parked message", $"{parked[0].Destination}: {parked[0].LastError}", "/parked");
        }),
        new("Start the inventory, which binds its queue", "Chaos: start inventory-service.", 90, (lab, token) => lab.StartAsync(ServiceNames.Inventory, token)),
        new("Send it again, and see the order go on", "Parked messages: send it again, with a reason. Pay the order.", 90, async (lab, token) =>
        {
            await lab.SendParkedAgainAsync(token);
            await lab.PayAndCompleteAsync(_order, token);
            // What the saga asked again for meanwhile may be parked as well; the order does not need it any more.
            await lab.SendParkedAgainAsync(token);
        }),
    ];

    public override Task PutBackAsync(Trial lab, CancellationToken cancellationToken) => lab.DiscardParkedAsync(cancellationToken);
}
