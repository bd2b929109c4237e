using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.ServiceDefaults.Chaos;

namespace OrderSample.Services.Tests.Chaos;

/// <summary>The filters on an endpoint in memory. What a crash leaves behind is for the end-to-end tests.</summary>
public sealed class When_chaos_is_on : IAsyncLifetime
{
    private readonly ChaosSwitch _chaos = new(new ChaosSettings());
    private readonly Observed _observed = new();
    private ServiceProvider _provider = null!;
    private IBus _bus = null!;

    public async Task InitializeAsync()
    {
        _provider = new ServiceCollection()
            .AddSingleton(_chaos).AddSingleton<ChaosDelayFilter>()
            .AddSingleton(TimeProvider.System).AddLogging().AddSingleton<IHostApplicationLifetime, ApplicationLifetime>()
            .AddMassTransitTestHarness(bus =>
            {
                bus.AddHandler((ReserveStock _) => Task.CompletedTask);
                bus.AddConfigureEndpointsCallback((context, _, endpoint) => endpoint.UseChaos(context));
            })
            .BuildServiceProvider(validateScopes: true);
        var harness = _provider.GetRequiredService<ITestHarness>();
        await harness.Start();
        _bus = harness.Bus;
        _bus.ConnectReceiveObserver(_observed);
    }

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Fact]
    public async Task A_message_with_the_sku_fails_and_says_why_and_another_does_not()
    {
        _chaos.Set(new ChaosSettings(FailSku: "KETTLE"));

        var working = Reserve("MUG");
        await _bus.Publish(Reserve("MUG", "KETTLE"));
        await _bus.Publish(working);

        var failure = Assert.IsType<ChaosException>(await _observed.Failed());
        Assert.Contains("KETTLE", failure.Message, StringComparison.Ordinal);
        Assert.Equal(working.OrderId, await _observed.Consumed());
        Assert.True(_observed.NothingElse);
    }

    [Fact]
    public async Task A_rate_of_one_fails_every_message_and_none_after_it_is_switched_off()
    {
        _chaos.Set(new ChaosSettings(FailureRate: 1));
        for (var i = 0; i < 20; i++)
        {
            await _bus.Publish(Reserve("MUG"));
            Assert.IsType<ChaosException>(await _observed.Failed());
        }

        _chaos.Set(new ChaosSettings());
        await _bus.Publish(Reserve("MUG"));
        await _observed.Consumed();
        Assert.True(_observed.NothingElse);
    }

    [Fact]
    public async Task Delayed_messages_go_on_as_soon_as_the_delay_is_switched_off()
    {
        _chaos.Set(new ChaosSettings(DelayMs: ChaosSettings.MaxDelayMs));
        for (var i = 0; i < 3; i++)
        {
            await _bus.Publish(Reserve("MUG"));
            await _observed.Received();
        }

        Assert.True(_observed.NothingElse);
        _chaos.Set(new ChaosSettings());

        for (var i = 0; i < 3; i++)
            await _observed.Consumed();
    }

    [Fact]
    public async Task A_delay_ends_when_nobody_waits_any_more()
    {
        _chaos.Set(new ChaosSettings(DelayMs: ChaosSettings.MaxDelayMs));
        using var abandoned = new CancellationTokenSource();
        using var stopping = new CancellationTokenSource();
        var first = _chaos.DelayAsync(TimeProvider.System, abandoned.Token, CancellationToken.None);
        var second = _chaos.DelayAsync(TimeProvider.System, CancellationToken.None, stopping.Token);
        Assert.False(first.IsCompleted);

        await abandoned.CancelAsync();
        await first;
        Assert.False(second.IsCompleted);

        await stopping.CancelAsync();
        await second;
    }

    private static ReserveStock Reserve(params string[] skus) => new(Guid.NewGuid(), [.. skus.Select(sku => new StockLine(sku, 1))]);
}
