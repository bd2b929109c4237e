using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using OrderSample.AppHost.Ending;

namespace OrderSample.AppHost.Tests;

/// <summary>An app host that is told to end, and of which something goes on.</summary>
public sealed class When_it_does_not_end
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource<string> _given = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task It_is_given_up_after_a_while_and_what_goes_on_is_named()
    {
        using var host = await Start();
        var stopped = host.StopAsync();
        await Stopping(host);

        _time.Advance(EndWatch.Limit - TimeSpan.FromSeconds(1));
        Assert.False(_given.Task.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("The app host does not stop. Given up after 60 s. What is left: GoesOn.", await _given.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        host.Services.GetServices<IHostedService>().OfType<GoesOn>().Single().Release.SetResult();
        await stopped;
    }

    [Fact]
    public async Task Nothing_is_given_up_once_it_has_ended()
    {
        var host = await Start();
        host.Services.GetServices<IHostedService>().OfType<GoesOn>().Single().Release.SetResult();
        await host.StopAsync();
        host.Dispose();

        _time.Advance(2 * EndWatch.Limit);

        Assert.False(_given.Task.IsCompleted);
    }

    private static Task Stopping(IHost host)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        return stopping.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task<IHost> Start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddHostedService<GoesOn>();
        builder.Services.AddHostedService(services => new EndWatch(
            services.GetRequiredService<IHostApplicationLifetime>(), services, new DistributedApplicationModel([]), _time, _given.SetResult));
        var host = builder.Build();
        await host.StartAsync();
        // One that is stopped before it has begun never begins.
        await host.Services.GetServices<IHostedService>().OfType<GoesOn>().Single().Begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return host;
    }

    private sealed class GoesOn : BackgroundService
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new();

        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            Begun.SetResult();
            return Release.Task;
        }
    }
}
