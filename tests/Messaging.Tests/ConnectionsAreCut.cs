using Microsoft.EntityFrameworkCore;
using OrderSample.Messaging.Tests.Running;

namespace OrderSample.Messaging.Tests;

[Collection(ServersCollection.Name)]
public sealed class ConnectionsAreCut(TestServers servers)
{
    [Fact]
    public async Task When_all_connections_are_cut_while_messages_are_published_each_arrives_and_has_one_effect()
    {
        const int batches = 40;
        const int each = 50;
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: ("Messaging:Outbox:FirstDelay", "00:00:00.200"));
        var publishing = PublishAll(service, batches, each);
        var cutting = CutUntil(publishing, place);
        await publishing;
        await cutting;

        await Waiting.Until(batches * each, () => service.Query(x => x.DoneJobs.CountAsync()), "all jobs");
        Assert.Equal(batches * each, await service.Query(x => x.DoneJobs.Select(job => job.Number).Distinct().CountAsync()));
    }

    private static async Task PublishAll(Service service, int batches, int each)
    {
        for (var batch = 0; batch < batches; batch++)
            await service.Publish([.. Enumerable.Range(batch * each, each).Select(number => new Job(Guid.NewGuid(), number))]);
    }

    /// <summary>At least once; again and again for as long as messages are published.</summary>
    private static async Task CutUntil(Task end, Place place)
    {
        do
        {
            await place.CutConnections();
            await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(500)));
        } while (!end.IsCompleted);
    }
}
