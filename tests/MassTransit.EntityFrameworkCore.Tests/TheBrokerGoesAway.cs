using MassTransit.EntityFrameworkCore.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCore.Tests;

[Collection(ServersCollection.Name)]
public sealed class TheBrokerGoesAway(TestServers servers)
{
    private const int Before = 500;

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_it_stops_and_starts_in_the_middle_every_stored_message_arrives(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        // The listener's queue outlives it, and keeps what comes meanwhile.
        await using (await AMessageHasOneEffect.StartListener(place))
        {
        }

        var stored = 0;
        using var brokerIsBack = new CancellationTokenSource();
        await using var service = await Service.Start(place);
        var storing = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!brokerIsBack.IsCancellationRequested)
            {
                await service.Request(async (scope, database) =>
                {
                    await scope.GetRequiredService<IPublishEndpoint>().Publish(new WorkDone($"message {Interlocked.Increment(ref stored)}"));
                    await database.SaveChangesAsync();
                });
            }
        }));

        await Waiting.Until(true, () => Task.FromResult(Volatile.Read(ref stored) > Before), "messages");
        await servers.Stop("rabbitmq");
        await Waiting.Until(true, async () => await place.CountStored() > 0, "messages that wait for the broker");
        await servers.Start("rabbitmq");
        await brokerIsBack.CancelAsync();
        await storing;

        await Waiting.Until(0, () => place.CountStored(), "stored messages");
        await using var listener = await AMessageHasOneEffect.StartListener(place, delivers: false);
        await Waiting.Until(stored, () => Task.FromResult(listener.Arrivals.Texts.Distinct().Count()), "arrivals");
    }
}
