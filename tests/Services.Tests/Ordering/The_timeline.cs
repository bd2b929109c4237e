using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.Services.Tests.Ordering;

public sealed class The_timeline
{
    [Fact]
    public void Keeps_its_beginning_and_its_end_however_much_happens()
    {
        var state = new OrderState();
        for (var i = 0; i < 1_000; i++)
            state.Record(DateTimeOffset.UnixEpoch.AddSeconds(i), $"{i}");
        for (var i = 0; i < 100; i++)
            state.RecordWait("PaymentReceived", DateTimeOffset.UnixEpoch.AddSeconds(i), DateTimeOffset.UnixEpoch.AddSeconds(1_000));

        Assert.Equal(60, state.Timeline.Count);
        Assert.Equal("0", state.Timeline[0].Event);
        Assert.Equal("19", state.Timeline[19].Event);
        Assert.Equal("WaitedInOutbox", state.Timeline[^1].Event);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(999), state.UpdatedAt);
    }

    [Fact]
    public void Notes_once_that_a_message_waited_in_the_outbox_which_is_no_news_of_the_order()
    {
        var state = new OrderState();
        state.Record(DateTimeOffset.UnixEpoch.AddSeconds(31), "PaymentReceived");
        for (var i = 0; i < 2; i++)
            state.RecordWait("PaymentReceived", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(30));

        Assert.Equal(new TimelineEntry(DateTimeOffset.UnixEpoch.AddSeconds(30), "WaitedInOutbox", "PaymentReceived") { StoredAt = DateTimeOffset.UnixEpoch }, Assert.Single(state.Timeline, entry => entry.Event == "WaitedInOutbox"));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(31), state.UpdatedAt);
    }
}
