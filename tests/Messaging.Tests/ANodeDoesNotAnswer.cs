using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using OrderSample.Messaging.Tests.Running;

namespace OrderSample.Messaging.Tests;

/// <summary>It is as if it were there: its address takes connections, and those that it had stay open.</summary>
[Collection(ServersCollection.Name)]
public sealed class ANodeDoesNotAnswer(TestServers servers)
{
    /// <summary>No greeting twice, in 6 s at most; half a second for each of two addresses that are silent; and some for a busy machine. Missed heartbeats would take 15 s and more.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task When_all_but_one_hang_a_service_that_was_connected_to_them_goes_on_at_that_one()
    {
        var place = await servers.NewPlace();
        await using var one = new BrokerProxy(place.Broker);
        await using var another = new BrokerProxy(place.Broker);
        await using var third = new BrokerProxy(place.Broker);
        BrokerProxy[] nodes = [one, another, third];
        await using var service = await Service.Start(place, settings: [.. nodes.Select((node, i) => ($"Messaging:Nodes:{i}", node.Address))]);
        await service.Publish(new Job(Guid.NewGuid(), Number: 1));
        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "a job before");

        // A service that has just started has all its connections at the address that is the first one for it.
        var left = nodes.MinBy(node => node.Open)!;
        foreach (var node in nodes.Where(node => node != left))
            node.HangAsNode();
        var hang = Stopwatch.GetTimestamp();
        await service.Publish(new Job(Guid.NewGuid(), Number: 2));

        await Waiting.Until(2, () => service.Query(x => x.DoneJobs.CountAsync()), "the job of meanwhile");
        Assert.InRange(Stopwatch.GetElapsedTime(hang), TimeSpan.Zero, Soon);
        Assert.True(left.Open > 0);
    }

    /// <summary>In a cluster they elect another one when it does not.</summary>
    [LocalServersFact]
    public Task The_members_of_a_queue_look_every_second_whether_its_leader_s_node_answers() =>
        servers.Control("eval", "{ok, 1000} = application:get_env(aten, poll_interval).");
}
