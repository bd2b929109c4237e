using OrderSample.Backoffice.Console.Orders;

namespace OrderSample.Services.Tests.Backoffice;

public sealed class A_burst_of_orders
{
    private static readonly BurstProgress Running = BurstProgress.None with { Burst = new Burst(500, 100, "KETTLE", Pay: false), IsRunning = true };

    [Theory]
    [InlineData(50, 5, 0, 0, null)]
    [InlineData(300, 3, 0, 0, null)]
    [InlineData(300, 10, 0, 0, "The order service, or this machine, is not faster.")]
    [InlineData(300, 10, 2, 1, "The order service takes no more than it can complete, and turned some away for now.")]
    [InlineData(300, 10, 0, 2, "The order service did not answer, or had a problem.")]
    public void That_is_slower_than_asked_for_says_why_once_it_has_gone_on_for_a_second_s_worth(int placed, double seconds, int turnedAway, int failed, string? why) =>
        Assert.Equal(why, (Running with { Placed = placed, Seconds = seconds, TurnedAway = turnedAway, Failed = failed }).WhySlower);
}
