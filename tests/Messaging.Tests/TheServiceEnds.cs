using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Messaging.Tests.Running;

namespace OrderSample.Messaging.Tests;

[Collection(ServersCollection.Name)]
public sealed class TheServiceEnds(TestServers servers)
{
    /// <summary>An orchestrator kills what takes longer: by default, Kubernetes after 30 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task When_an_endpoint_never_ends_its_service_does_and_says_so()
    {
        var log = new LogLines();
        var service = await Service.Start(await servers.NewPlace(), log);
        service.Services.GetRequiredService<IBusControl>().ConnectReceiveEndpointObserver(new NeverEnds());

        await service.DisposeAsync().AsTask().WaitAsync(Patience);

        Assert.Contains(log.Lines, line => line.StartsWith("The bus did not stop within", StringComparison.Ordinal));
    }

    /// <summary>The endpoint waits for what is told here, as it waits for the broker: without a deadline.</summary>
    private sealed class NeverEnds : IReceiveEndpointObserver
    {
        public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

        public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

        public Task Completed(ReceiveEndpointCompleted completed) => Task.Delay(Timeout.Infinite);

        public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
    }
}
