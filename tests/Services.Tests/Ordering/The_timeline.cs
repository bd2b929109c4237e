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

        Assert.Equal(60, state.Timeline.Count);
        Assert.Equal("0", state.Timeline[0].Event);
        Assert.Equal("19", state.Timeline[19].Event);
        Assert.Equal("999", state.Timeline[^1].Event);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(999), state.UpdatedAt);
    }
}
