using Microsoft.Extensions.Options;

namespace OrderSample.Services.Tests.Ordering;

/// <summary>The saga would ask again while the inventory still tries: the order service says so, and does not start.</summary>
public sealed class When_resends_and_redeliveries_contradict
{
    [Theory]
    [InlineData("StockTimeout")]
    [InlineData("ConfirmTimeout")]
    [InlineData("ReleaseTimeout")]
    public async Task The_order_service_names_both_settings_and_the_way_out_and_does_not_start(string timeout)
    {
        await using var orders = new OrderApi { Settings = { [$"Saga:{timeout}"] = "00:01:44" } };

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(orders.InitializeAsync);

        Assert.Equal($"Saga:{timeout} is 00:01:44, but with Messaging:Redelivery:Delays of 00:00:05, 00:00:15, 00:01:00 a command that fails is tried for up to 105 s: "
            + "the saga would ask again meanwhile. Set the timeout to 00:01:45 or more, or shorter delays, the same for all services.", refused.Message);
    }

    [Theory]
    [InlineData("Saga:StockTimeout", "00:01:45")]
    [InlineData("Saga:StockTimeout", "00:00:30", "Messaging:Redelivery:Delays:0", "00:00:02", "Messaging:Redelivery:Delays:1", "00:00:04")]
    [InlineData("Saga:StockTimeout", "00:00:03", "Messaging:Redelivery:Delays:0", "00:00:00.5", "Messaging:Retry:Limit", "0")]
    public async Task One_that_waits_long_enough_starts(params string[] settings)
    {
        await using var orders = new OrderApi();
        foreach (var setting in settings.Chunk(2))
            orders.Settings[setting[0]] = setting[1];

        await orders.InitializeAsync();
    }
}
