using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>A broker in alarm takes no messages and closes no connection.</summary>
internal sealed class MemoryAlarm : Experiment
{
    private const string Broker = "rabbitmq";
    private const int Orders = 5;
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "memory-alarm", "The broker's memory alarm", Hops.DatabaseToBroker,
        "A broker whose memory is used up blocks whoever publishes. Orders are still taken, nothing is parked for it, and everything goes on when the alarm ends.",
        new Explanation(
            "The alarm is an outage, which is no message's fault: it uses up no attempt of any. The rows stay in the outbox, and its delivery says why it pauses.",
            "outages", "AnOutageIsNobodysFault.When_a_memory_alarm_blocks_the_broker_all_is_delivered_after_it_and_meanwhile_everything_says_so",
            new CodePlace("AppHost/Breaking/Faults/MemoryAlarm.cs", "set_vm_memory_high_watermark"),
            new CodePlace("outbox/MassTransit.EntityFrameworkCore/Delivery/OutboxDeliveryState.cs", "Delivery pauses: {Reason}")),
        Seconds: 25);

    public override IReadOnlyList<string> Outboxes => [ServiceNames.Orders];

    public override IReadOnlyList<Step> Steps =>
    [
        new("Tell the broker that its memory is used up", "control set_vm_memory_high_watermark 0.00001 (the handbook's first page has the function control).", 60, async (lab, token) =>
        {
            _before = await lab.StockAsync(1_000, token);
            await lab.BreakAsync("memory-alarm", Broker, token);
        }),
        new($"Place {Orders} orders, and pay them", $"Orders: place {Orders} orders, paid at once. Flow says why their messages wait.", 60, async (lab, token) =>
        {
            for (var i = 0; i < Orders; i++)
                Trial.Must("Pay an order", await lab.PayAsync(await lab.PlaceAsync(token), token));
            var outbox = await lab.UntilAsync("the outbox of order-service to pause", lab.OutboxAsync, fill => fill is { Paused: not null, Waiting: >= Orders },
                fill => $"{fill.Waiting} messages, {fill.Paused?.Reason ?? "not paused"}", token);
            lab.Note("Outbox of order-service", $"pauses: {outbox.Paused!.Reason}", "/flow");
            lab.Claim("Nothing is parked for an outage.", outbox.Parked == 0, $"{outbox.Parked} parked");
        }),
        new("End the alarm", "control set_vm_memory_high_watermark 0.4", 60, (lab, token) => lab.MendAsync("memory-alarm", Broker, token)),
        new("See them all complete", "Flow: the outbox runs empty. Orders: they are Completed.", 90, async (lab, token) =>
        {
            foreach (var order in lab.Orders)
                await lab.ReachesAsync(order, "Completed", token);
            await lab.ClaimStockAsync(_before, sold: Orders, token);
        }),
    ];
}
