using OrderSample.Backoffice.Console.Flow;

namespace OrderSample.Services.Tests.Backoffice;

public sealed class The_flow_drawn
{
    [Fact]
    public void Each_queue_stands_with_the_service_that_consumes_it()
    {
        var picture = FlowPicture.Of([Queue("order-saga"), Queue("inventory-reservations", messages: 7), Queue("notification-email"), Queue("notification-sms")]);

        Assert.Equal(["order-service", "inventory-service", "notification-service", "backoffice"], picture.Bands.Select(band => band.Name));
        Assert.Equal(["order-saga"], Labels(picture, "order-service"));
        Assert.Equal(["notification-email", "notification-sms"], Labels(picture, "notification-service"));
        Assert.Equal(7, Band(picture, "inventory-service").Queues.Single().Messages);
    }

    [Fact]
    public void Delay_queues_are_drawn_as_one_while_something_waits_in_them()
    {
        QueueReading[] empty = [Queue("order-saga"), Queue("order-saga_delay_5000ms"), Queue("order-saga_delay_15000ms")];
        QueueReading[] filled = [Queue("order-saga"), Queue("order-saga_delay_5000ms", messages: 2), Queue("order-saga_delay_15000ms", messages: 3)];

        Assert.Equal(["order-saga"], Labels(FlowPicture.Of(empty), "order-service"));
        var delayed = Band(FlowPicture.Of(filled), "order-service").Queues[1];
        Assert.Equal((5, null, false), (delayed.Messages, delayed.Consumers, delayed.IsStuck));
    }

    [Fact]
    public void What_failed_stands_with_the_desk_and_with_nobody_else()
    {
        var picture = FlowPicture.Of([Queue("inventory-reservations_error"), Queue("order-saga_error"), Queue("order-saga_skipped"), Queue("unrouted"), Queue("dead-letters")]);

        Assert.Equal(["*_error", "*_skipped", "unrouted", "dead-letters"], Labels(picture, "backoffice"));
        Assert.Empty(Labels(picture, "order-service"));
        Assert.Equal(2, Band(picture, "backoffice").Queues[0].Consumers);
    }

    [Fact]
    public void Messages_that_nobody_takes_are_stuck()
    {
        var picture = FlowPicture.Of([Queue("order-saga", messages: 1, consumers: 0), Queue("order-reconciliation", messages: 0, consumers: 0)]);

        Assert.Equal([true, false], Band(picture, "order-service").Queues.Select(queue => queue.IsStuck));
    }

    [Theory]
    [InlineData(50, 50)]
    [InlineData(300, 100)]
    [InlineData(0, 0)]
    public void Commands_that_were_sent_again_are_told_apart_in_the_queue_where_they_wait(int sentAgain, int expected)
    {
        var picture = FlowPicture.Of([Queue("inventory-reservations", messages: 100), Queue("inventory-reconciliation", messages: 100), Queue("order-saga", messages: 100)], sentAgain);

        Assert.Equal([expected, 0], Band(picture, "inventory-service").Queues.Select(queue => queue.SentAgain));
        Assert.Equal(0, Band(picture, "order-service").Queues.Single().SentAgain);
    }

    [Fact]
    public void Rows_and_bands_do_not_overlap()
    {
        var picture = FlowPicture.Of([.. Enumerable.Range(0, 9).Select(number => Queue($"order-{number}")), Queue("inventory-reservations"), Queue("unrouted")]);

        foreach (var band in picture.Bands)
        {
            Assert.All(band.Queues, queue => Assert.InRange(queue.Y, band.Y, band.Y + band.Height - FlowPicture.Row));
            Assert.All(band.Queues.Zip(band.Queues.Skip(1)), pair => Assert.Equal(FlowPicture.Row, pair.Second.Y - pair.First.Y));
        }

        Assert.All(picture.Bands.Zip(picture.Bands.Skip(1)), pair => Assert.True(pair.First.Y + pair.First.Height < pair.Second.Y));
        Assert.Equal(picture.Height, picture.Bands[^1].Y + picture.Bands[^1].Height);
    }

    private static QueueReading Queue(string name, int messages = 0, int consumers = 1) => new(name, messages, 0, consumers, 0, 0);

    private static ServiceBand Band(FlowPicture picture, string service) => picture.Bands.Single(band => band.Name == service);

    private static IEnumerable<string> Labels(FlowPicture picture, string service) => Band(picture, service).Queues.Select(queue => queue.Label);
}
