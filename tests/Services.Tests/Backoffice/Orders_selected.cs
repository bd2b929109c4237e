using OrderSample.Backoffice.Console.Orders;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Services.Tests.Backoffice;

public sealed class Orders_selected
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void By_what_stands_in_the_address()
    {
        Assert.Equal(OrderFilter.All, OrderSelection.Parse(null, null, null, null).At(Now));
        Assert.Equal(OrderFilter.All, OrderSelection.Parse(" ", "forever", "2026-01-01", null).At(Now));
        Assert.Equal(new OrderFilter("ada", Now.AddHours(-1), null), OrderSelection.Parse(" ada ", "1h", "2026-01-01", null).At(Now));
        Assert.Equal(new OrderFilter(null, Now.AddHours(-2), Now), OrderSelection.Parse(null, "between", "2026-01-02T01:04:05Z", "2026-01-02T05:04:05+02:00").At(Now));
    }

    [Theory]
    [InlineData("ada", "2026-01-01", "2026-01-02", null)]
    [InlineData("a", null, null, "Search for 2 to 100 characters.")]
    [InlineData("a\u0000b", null, null, "A search can't hold control characters.")]
    [InlineData(null, "2026-01-02", "2026-01-02", "The time range ends before it begins.")]
    public void Or_it_is_said_what_is_wrong(string? search, string? from, string? to, string? problem) =>
        Assert.Equal(problem, OrderSelection.Parse(search, "between", from, to).Problem);

    [Fact]
    public void As_parameters_that_can_hold_any_sign() => Assert.Equal(
        "limit=25&search=100%25%20%26%20a%3Db&from=2026-01-02T03%3A04%3A05.0000000Z",
        new OrderFilter("100% & a=b", Now, null).ToQuery(("limit", "25"), ("status", null)));
}
