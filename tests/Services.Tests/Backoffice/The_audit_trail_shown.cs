using OrderSample.Backoffice.Console.Access;
using OrderSample.Backoffice.Console.Components;
using OrderSample.Backoffice.Data;

namespace OrderSample.Services.Tests.Backoffice;

public sealed class The_audit_trail_shown
{
    [Theory]
    [InlineData("orders/0a3d1c7e-5a40-4d7f-9f3b-1f2a3b4c5d6e", "/orders/0a3d1c7e-5a40-4d7f-9f3b-1f2a3b4c5d6e")]
    [InlineData("dead-letters/7", "/desk/7")]
    [InlineData("dead-letters/groups/0a3d1c7e-5a40-4d7f-9f3b-1f2a3b4c5d6e", "/desk?group=0a3d1c7e-5a40-4d7f-9f3b-1f2a3b4c5d6e")]
    [InlineData("stock/KETTLE", "/stock")]
    [InlineData("reconciliation/runs", "/reconciliation")]
    [InlineData("lab/poison-message", "/lab/poison-message")]
    [InlineData("lab/../x", null)]
    [InlineData("orders/../x", null)]
    [InlineData("dead-letters/javascript:alert(1)", null)]
    [InlineData("inventory-service", null)]
    public void What_was_acted_on_is_a_link_where_it_has_a_page(string target, string? page) => Assert.Equal(page, AuditPage.PageOf(target));

    [Theory]
    [InlineData(null, "/audit")]
    [InlineData("  ", "/audit")]
    [InlineData(" ada ", "/audit?search=ada")]
    [InlineData("orders/1?a=b&c", "/audit?search=orders%2F1%3Fa%3Db%26c")]
    public void What_is_searched_for_stands_in_the_address(string? search, string address) => Assert.Equal(address, AuditQuery.AddressOf(search));

    [Fact]
    public void A_link_that_was_used_in_time_is_not_called_expired_later()
    {
        var now = DateTimeOffset.UnixEpoch;
        var link = new SignInLink { TokenHash = [], Role = PersonRole.Viewer, MadeBy = "ada", MadeAt = now, ExpiresAt = now.AddMinutes(10) };
        var used = new SignInLink { TokenHash = [], Role = PersonRole.Viewer, MadeBy = "ada", MadeAt = now, ExpiresAt = now.AddMinutes(10), UsedAt = now.AddMinutes(1), UsedBy = "mary" };
        foreach (var (at, one, other) in new[] { (0, LinkState.Open, LinkState.Used), (10, LinkState.Expired, LinkState.Used) })
        {
            var time = now.AddMinutes(at);
            Assert.Equal((one, other), (link.StateAt(time), used.StateAt(time)));
            // What the list is filtered by says the same.
            foreach (var state in Enum.GetValues<LinkState>())
                Assert.Equal(new[] { link, used }.Where(x => x.StateAt(time) == state), new[] { link, used }.AsQueryable().In(state, time));
        }
    }

    [Fact]
    public void A_moment_is_shown_by_the_persons_clock_and_in_UTC_where_nobody_knows_that()
    {
        var at = new DateTimeOffset(2026, 11, 29, 23, 30, 0, TimeSpan.Zero);
        Assert.Equal("23:30:00.000", Clock.Text(at, zone: null));
        Assert.Equal("2026-11-30 08:30", Clock.Text(at, TimeZoneInfo.CreateCustomTimeZone("nine", TimeSpan.FromHours(9), null, null), "yyyy-MM-dd HH:mm"));
    }
}
