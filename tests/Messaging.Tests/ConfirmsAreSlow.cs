using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using OrderSample.Messaging.Tests.Running;

namespace OrderSample.Messaging.Tests;

/// <summary>A broker whose disk is slow confirms late. A connection that was given up each time would never be done: what it sent is sent again on the next one.</summary>
[Collection(ServersCollection.Name)]
public sealed class ConfirmsAreSlow(TestServers servers)
{
    private const int Jobs = 40;

    /// <summary>Longer than a connection may be silent at first, and shorter than a delivery may take.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2.5);

    [Fact]
    public async Task When_each_takes_longer_than_a_connection_may_be_silent_all_is_delivered_and_connections_are_kept()
    {
        var place = await servers.NewPlace();
        await using var slow = new BrokerProxy(place.Broker);
        await using var service = await Service.Start(place with { Broker = slow.Broker }, settings: ("Messaging:TopologyInterval", "00:10:00"));
        await service.Publish(new Job(Guid.NewGuid()));
        await Waiting.Until(0, () => service.Query(x => x.Set<OutboxMessage>().CountAsync()), "a first delivery");
        slow.ConfirmDelay = Delay;
        var before = slow.Accepted;

        await service.Publish([.. Enumerable.Range(1, Jobs).Select(number => new Job(Guid.NewGuid(), number))]);

        await Waiting.Until(0, () => service.Query(x => x.Set<OutboxMessage>().CountAsync()), "all deliveries to be confirmed");
        await Waiting.Until(Jobs + 1, () => service.Query(x => x.DoneJobs.CountAsync()), "all jobs");
        // One is given up: a login, and the connection that replaces it.
        Assert.Equal(2, slow.Accepted - before);
    }
}
