using MassTransit.EntityFrameworkCore.Tests.Running;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCore.Tests;

[Collection(ServersCollection.Name)]
public sealed class TheBrokerGoesAway(Servers servers)
{
    /// <summary>Long enough for the connection to break under many messages in flight, short enough for a test.</summary>
    private const int Messages = 3000;

    [Fact]
    public async Task When_it_stops_and_starts_in_the_middle_every_message_arrives()
    {
        var place = await servers.NewPlace();
        await using var worker = await AMessageHasOneEffect.StartWorker(place);
        await using var listener = await AMessageHasOneEffect.StartListener(place);

        var publishing = Publish(worker);
        await Waiting.Until(true, () => Task.FromResult(listener.Arrivals.All.Count > Messages / 10), "first arrivals");
        await servers.StopBroker();
        await servers.StartBroker();
        await publishing;

        await Waiting.Until(Messages, () => Task.FromResult(listener.Arrivals.All.Select(x => x.MessageId).Distinct().Count()), "arrivals");
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
        Assert.Equal(Messages, await place.Query(x => x.Notes.CountAsync()));
    }

    /// <summary>Like a service under load: a few requests at a time, each with its own transaction.</summary>
    private static async Task Publish(Service service)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Messages), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, token) =>
        {
            await service.Request(async (scope, database) =>
            {
                await scope.GetRequiredService<IPublishEndpoint>().Publish(new Work($"work {i}"), token);
                await database.SaveChangesAsync(token);
            });
            await Task.Delay(10, token);
        });
    }
}
