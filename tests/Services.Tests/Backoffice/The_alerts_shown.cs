using OrderSample.Backoffice.Console.Alarms;
using OrderSample.Backoffice.Console.Flow;
using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Services.Tests.Backoffice;

/// <summary>What stands above every page of the console.</summary>
public sealed class The_alerts_shown
{
    private static readonly LiveProblem Away = new("somebody", DateTimeOffset.UnixEpoch, "No answer in time.");
    private static readonly OutboxFill Fine = new(0, 0, 0, null, null, []);

    [Fact]
    public void Nothing_where_all_is_well_or_nothing_has_come_yet()
    {
        Assert.Empty(Alerts(letters: new(new OpenLetters(0), null), orders: Orders(0), outbox: new(Fine, null)));
        Assert.Empty(Alerts(new(null, null), new(null, null), new(null, null)));
    }

    [Fact]
    public void What_waits_for_a_person_is_counted()
    {
        Assert.Equal(["1 dead letter", "2 orders need attention", "3 parked messages of order-service"], Alerts(new(new OpenLetters(1), null), Orders(2), new(Fine with { Parked = 3 }, null)));
        Assert.Equal(["1,000 or more dead letters"], Alerts(new(new OpenLetters(OpenAlarms.Most), null), Orders(0), new(Fine, null)));
    }

    [Fact]
    public void What_can_not_be_known_is_said_whatever_was_known_before() =>
        Assert.Equal(["Dead letters can't be counted", "Orders can't be counted", "order-service is away"], Alerts(new(new OpenLetters(0), Away), Orders(0) with { Problem = Away }, new(Fine, Away)));

    [Fact]
    public void An_outage_is_said_with_its_reason() =>
        Assert.Equal(["order-service delivers nothing: memory alarm", "order-saga takes nothing from order-service"], Alerts(new(new OpenLetters(0), null), Orders(0), new(Fine with
        {
            Paused = new("memory alarm", DateTimeOffset.UnixEpoch),
            Refusing = [new("order-saga", "full", DateTimeOffset.UnixEpoch)],
        }, null)));

    [Fact]
    public void The_node_to_restart_is_the_one_that_most_others_are_partitioned_from()
    {
        LiveState<PartitionedNodes> nodes = new(BrokerPartitions.Of([("rabbitmq@localhost", 0), ("rabbitmq-2@localhost", 1), ("rabbitmq-3@localhost", 2)]), null);

        Assert.Equal(["The broker is partitioned: restart rabbitmq-3"], OpenAlarms.Of(new(null, null), new(null, null), nodes, []).Items.Select(alarm => alarm.Text));
        Assert.Equal(["The broker's nodes can't be asked"], OpenAlarms.Of(new(null, null), new(null, null), nodes with { Problem = Away }, []).Items.Select(alarm => alarm.Text));
        Assert.Empty(OpenAlarms.Of(new(null, null), new(null, null), new(BrokerPartitions.Of([("rabbitmq@localhost", 0)]), null), []).Items);
    }

    [Fact]
    public void What_is_new_is_what_was_not_there_before_or_is_more_of_it()
    {
        var before = new OpenAlarms([new("2 dead letters", "/desk", "letters", 2), new("order-service is away", "/chaos", "order-service away")]);

        Assert.Empty(before.NewSince(before));
        Assert.Empty(new OpenAlarms([new("1 dead letter", "/desk", "letters", 1)]).NewSince(before));
        Assert.Equal(["3 dead letters", "inventory-service is away"], new OpenAlarms(
            [new("3 dead letters", "/desk", "letters", 3), before.Items[1], new("inventory-service is away", "/chaos", "inventory-service away")]).NewSince(before).Select(alarm => alarm.Text));
    }

    private static LiveState<OrderTrend> Orders(int needAttention) => new(new OrderTrend([new CountsAt(DateTimeOffset.UnixEpoch, new OrderCounts([new StateCount("NeedsAttention", needAttention)], 0))]), null);

    private static IEnumerable<string> Alerts(LiveState<OpenLetters> letters, LiveState<OrderTrend> orders, LiveState<OutboxFill> outbox) =>
        OpenAlarms.Of(letters, orders, new(new PartitionedNodes([]), null), [("order-service", outbox)]).Items.Select(alarm => alarm.Text);
}
