using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

public sealed class TheAppHostRunsEverything : IDisposable
{
    /// <summary>A free machine needs 10 s; a busy one is to fail only for what hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _data = Directory.CreateTempSubdirectory("ordersample-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task When_it_is_killed_nothing_is_left_and_the_next_start_has_the_data()
    {
        Guid orderId;
        await using (var killed = new AppHostProcess(_data, "--dashboard=false"))
        {
            await killed.IsUp();
            orderId = await killed.Place();
            killed.Kill();

            // At once, while its servers may still be dying.
            await using var next = new AppHostProcess(_data, "--dashboard=false");
            await killed.NothingIsLeft(Limit);
            await next.IsUp();
            await next.Reaches(orderId, "AwaitingPayment");

            next.Interrupt();
            Assert.Equal(0, await next.Ends(Limit));
            await next.NothingIsLeft(Limit);
        }
    }

    [Fact]
    public async Task When_a_service_can_not_start_it_says_which_and_why_and_ends()
    {
        // Of several replicas, whose logs Aspire reads as one.
        await using var app = new AppHostProcess(_data, "--dashboard=false", "--replicas=2", "--Saga:MaxResends=abc");

        Assert.Equal(1, await app.Ends(TimeSpan.FromMinutes(2)));
        Assert.Contains("The application could not start. order-service is ", app.Output, StringComparison.Ordinal);
        Assert.Contains("'abc' at 'Saga:MaxResends'", app.Output, StringComparison.Ordinal);
        await app.NothingIsLeft(Limit);
    }

    [Fact]
    public async Task When_a_start_takes_longer_than_it_may_it_says_what_it_waited_for_and_ends()
    {
        await using var app = new AppHostProcess(_data, "--dashboard=false", "--start-timeout=1");

        Assert.Equal(1, await app.Ends(Limit));
        Assert.Contains("did not become healthy within the 1 s of --start-timeout", app.Output, StringComparison.Ordinal);
        Assert.Contains("order-service", app.Output, StringComparison.Ordinal);
        await app.NothingIsLeft(Limit);
    }
}
