using OrderSample.Backoffice.Console.Orders;

namespace OrderSample.Services.Tests.Backoffice;

public sealed class A_burst_of_orders
{
    private static readonly BurstProgress Running = BurstProgress.None with { Burst = new Burst(500, 100, "KETTLE", Pay: false), IsRunning = true };

    [Theory]
    [InlineData(50, 5, 0, null)]
    [InlineData(300, 3, 0, null)]
    [InlineData(300, 10, 0, "The order service, or this machine, is not faster.")]
    [InlineData(300, 10, 2, "The order service did not take all at once.")]
    public void That_is_slower_than_asked_for_says_why_once_it_has_gone_on_for_a_second_s_worth(int placed, double seconds, int repeated, string? why) =>
        Assert.Equal(why, (Running with { Placed = placed, Seconds = seconds, Repeated = repeated }).WhySlower);
}
