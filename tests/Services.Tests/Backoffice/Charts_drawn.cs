using OrderSample.Backoffice.Console.Flow;

namespace OrderSample.Services.Tests.Backoffice;

public sealed class Charts_drawn
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly ChartScale Scale = new(Width: 300, Height: 100, Now, TimeSpan.FromMinutes(5), Max: 50);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 5)]
    [InlineData(5.1, 10)]
    [InlineData(17, 20)]
    [InlineData(200, 200)]
    [InlineData(201, 500)]
    [InlineData(99_999, 100_000)]
    public void The_upper_edge_is_the_next_round_number(double max, double edge) => Assert.Equal(edge, ChartScale.RoundMax(max, least: 5));

    [Fact]
    public void Now_is_at_the_right_edge_and_the_beginning_at_the_left()
    {
        Assert.Equal(300, Scale.X(Now));
        Assert.Equal(240, Scale.X(Now.AddMinutes(-1)));
        Assert.Equal(0, Scale.X(Now.AddMinutes(-5)));
    }

    [Fact]
    public void Nothing_is_at_the_bottom_and_what_is_too_much_at_the_top()
    {
        Assert.Equal(100, Scale.Y(0));
        Assert.Equal(50, Scale.Y(25));
        Assert.Equal(0, Scale.Y(80));
    }

    [Fact]
    public void A_gap_in_time_is_a_gap_in_the_line_and_what_is_too_old_is_left_out()
    {
        ChartPoint[] points = [new(Now.AddMinutes(-6), 9), new(Now.AddSeconds(-65), 0), new(Now.AddSeconds(-60), 25), new(Now.AddSeconds(-5), 50), new(Now, 50)];

        Assert.Equal(["235,100 240,50", "295,0 300,0"], Scale.Lines(points, TimeSpan.FromSeconds(12)));
    }
}
