using OrderSample.Backoffice.Console.Access;
using OrderSample.Backoffice.Console.Components;

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

    [Fact]
    public void A_moment_is_shown_by_the_persons_clock_and_in_UTC_where_nobody_knows_that()
    {
        var at = new DateTimeOffset(2026, 11, 29, 23, 30, 0, TimeSpan.Zero);
        Assert.Equal("23:30:00.000", Clock.Text(at, zone: null));
        Assert.Equal("2026-11-30 08:30", Clock.Text(at, TimeZoneInfo.CreateCustomTimeZone("nine", TimeSpan.FromHours(9), null, null), "yyyy-MM-dd HH:mm"));
    }
}
