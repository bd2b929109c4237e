using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using OrderSample.Messaging.Tests.Running;

namespace OrderSample.Messaging.Tests;

/// <summary>
/// RabbitMQ.Client may lose the answers to what was in flight when the broker went away for longer than a minute (rabbitmq-dotnet-client's issue
/// 1930). The service goes on meanwhile; no other process does what it has forgotten.
/// </summary>
[Collection(LongStoppedServersCollection.Name)]
public sealed class TheBrokerIsAwayForLong(TestServers servers)
{
    private const int Jobs = 5_000;
    private const int Batch = 500;
    private const int InFlight = 100;
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(75);

    [Fact]
    public Task When_it_is_stopped_with_5000_messages_in_flight_the_same_process_delivers_all_of_them_within_a_minute_of_the_return() =>
        AllIsDeliveredAfter(() => servers.Stop("rabbitmq"));

    [LocalServersFact]
    public Task When_it_is_killed_too() => AllIsDeliveredAfter(() => servers.Kill("rabbitmq"));

    private async Task AllIsDeliveredAfter(Func<Task> end)
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place);
        var before = Publish(service, first: 0, batches: 5);
        await Waiting.Until(true, async () => await Done(service) >= InFlight, $"{InFlight} jobs to have gone all the way");

        var meanwhile = Publish(service, first: 5, batches: 4);
        await end();
        try
        {
            await Task.WhenAll(before, meanwhile, Publish(service, first: 9, batches: 1));
            await Task.Delay(Away);
            Assert.True(await Waits(service) > 0, "Nothing waited for the broker.");
        }
        finally
        {
            await servers.Start("rabbitmq");
        }

        // Within the minute that any condition has.
        await Waiting.Until(0, () => Waits(service), "an empty outbox");
        await Waiting.Until(Jobs, () => Done(service), "all jobs");
        Assert.Equal(Jobs, await service.Query(x => x.DoneJobs.Select(job => job.Number).Distinct().CountAsync()));
    }

    private static Task Publish(Service service, int first, int batches) => Task.WhenAll(Enumerable.Range(first, batches).Select(batch =>
        service.Publish([.. Enumerable.Range(batch * Batch, Batch).Select(number => new Job(Guid.NewGuid(), number))])));

    private static Task<int> Done(Service service) => service.Query(x => x.DoneJobs.CountAsync());

    private static Task<int> Waits(Service service) => service.Query(x => x.Set<OutboxMessage>().CountAsync());
}
