using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>Without a broker, messages wait beside the orders that they are about.</summary>
internal sealed class BrokerAway : Experiment
{
    private const string Broker = "rabbitmq";
    private const int Orders = 5;
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "broker-away", "The broker is away", Hops.DatabaseToBroker,
        "Orders are taken while the broker is stopped, and their messages wait in the order service's outbox. When it is back they go out, and all orders complete.",
        new Explanation(
            "An order and its message are stored in one transaction, so there is never one without the other. A row of the outbox is deleted only when the broker has confirmed its message, however long that takes.",
            "message-table-and-resend", "NothingIsLostWhenSomethingBreaks.When_the_broker_is_stopped_and_started_in_the_middle_every_order_still_ends_and_the_stock_balances",
            new CodePlace("services/OrderService/SubmittingOrder/OrderSubmission.cs", "new OrderSubmitted(order.OrderId"),
            new CodePlace("outbox/MassTransit.EntityFrameworkCore/Delivery/OutboxDeliveryService.cs", "await foreach (var message in delivery.Ready")),
        Seconds: 50);

    public override IReadOnlyList<string> Outboxes => [ServiceNames.Orders];

    public override string? Lacks(SystemShape system) => system.LacksSingleNode;

    public override IReadOnlyList<Step> Steps =>
    [
        new("Stop the broker", "Chaos: stop rabbitmq.", 90, async (lab, token) =>
        {
            _before = await lab.StockAsync(1_000, token);
            await lab.StopAsync(Broker, token);
        }),
        new($"Place {Orders} orders, and pay them", $"Orders: place {Orders} orders, paid at once. Flow shows their messages in the outbox.", 60, async (lab, token) =>
        {
            for (var i = 0; i < Orders; i++)
                Trial.Must("Pay an order", await lab.PayAsync(await lab.PlaceAsync(token), token));
            var outbox = await lab.UntilAsync("their messages in the outbox of order-service", lab.OutboxAsync, fill => fill.Waiting >= Orders, fill => $"{fill.Waiting} messages", token);
            lab.Claim($"All {Orders} orders are accepted, and their messages wait.", outbox.Waiting >= Orders, $"{outbox.Waiting} messages wait");
        }),
        new("Start the broker", "Chaos: start rabbitmq.", 120, (lab, token) => lab.StartAsync(Broker, token)),
        new("See them all complete", "Flow: the outbox runs empty. Orders: they are Completed.", 120, async (lab, token) =>
        {
            foreach (var order in lab.Orders)
                await lab.ReachesAsync(order, "Completed", token);
            await lab.UntilAsync("the outbox of order-service to be empty", lab.OutboxAsync, fill => fill.Waiting == 0, fill => $"{fill.Waiting} messages", token);
            await lab.ClaimStockAsync(_before, sold: Orders, token);
        }),
    ];
}
