using MassTransit;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Messaging.Tests.Running;

namespace OrderSample.Messaging.Tests;

/// <summary>An endpoint's queue is gone for a while. The consumers are stopped, and nothing is mended in time, so that it stays gone for as long as a test wants.</summary>
[Collection(ServersCollection.Name)]
public sealed class AnEventDoesNotVanish(TestServers servers)
{
    private static readonly string JobExchange = $"{typeof(Job).Namespace}:{nameof(Job)}";

    private static readonly (string, string)[] Unwatched = [("Messaging:TopologyInterval", "00:10:00"), ("Messaging:Outbox:FirstDelay", "00:00:00.200")];

    /// <summary>There is another subscriber, who takes them all, so that the event's own exchange misses nobody.</summary>
    [Fact]
    public async Task When_an_endpoints_queue_is_deleted_under_load_its_events_arrive_or_are_kept_as_unrouted()
    {
        const int before = 200;
        const int load = 2_000;
        const int after = 200;
        // What is on its way into the queue while it is deleted may go with it, confirmed. Deleting takes a busy machine longer: so no more than these are.
        const int mostOnTheirWay = 100;
        const int batch = 50;
        const int few = 5;
        const int batchesOnEitherSide = (load - mostOnTheirWay) / 2 / batch;
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var service = await Service.Start(place, settings: Unwatched);
        await service.StopConsuming();
        await broker.Subscribe(JobExchange, "another-subscriber");

        await Publish(before);
        await AllAreDelivered();
        await PublishInBatches(batchesOnEitherSide, batch);
        await AllAreDelivered();
        // The answer to the deletion says how many there were, too; but where the broker does not know it within a quarter of a second, it says none.
        await Waiting.Until((uint)(before + (batchesOnEitherSide * batch)), () => broker.Count(Service.Queue), "events in the queue");
        // One small transaction after the other, so that they are spread over the time that it takes.
        var publishing = PublishInBatches(mostOnTheirWay / few, few);
        await broker.DeleteQueue(Service.Queue);
        await publishing;
        await PublishInBatches(batchesOnEitherSide, batch);
        await AllAreDelivered();
        // Each once: what is not confirmed because its queue is gone is sent again.
        var unrouted = (await broker.TakeAll("unrouted")).Distinct().Count();
        Assert.InRange(unrouted, batchesOnEitherSide * batch, (batchesOnEitherSide * batch) + mostOnTheirWay);

        await Publish(after);
        await AllAreDelivered();
        Assert.Equal(after, (await broker.TakeAll("unrouted")).Distinct().Count());

        await using var restarted = await Service.Start(place, settings: Unwatched);
        await Publish(after);
        await Waiting.Until(after, () => service.Query(x => x.DoneJobs.CountAsync()), "all jobs of the time since the queue is back");

        Task Publish(int count) => service.Publish([.. Enumerable.Range(0, count).Select(number => new Job(Guid.NewGuid(), number))]);
        async Task PublishInBatches(int batches, int count)
        {
            for (var published = 0; published < batches; published++)
                await Publish(count);
        }

        Task AllAreDelivered() => Waiting.Until(0, () => service.Query(x => x.Set<OutboxMessage>().CountAsync()), "the outbox to be empty");
    }

    [Fact]
    public async Task When_an_endpoints_queue_is_gone_a_command_is_returned_and_arrives_once_it_is_back()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var service = await Service.Start(place, settings: Unwatched);
        await service.StopConsuming();
        await broker.DeleteQueue(Service.Queue);

        await using (var scope = service.Services.CreateAsyncScope())
        {
            var endpoint = await scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri($"exchange:{Service.Queue}"));
            await endpoint.Send(new Job(Guid.NewGuid()));
            await scope.ServiceProvider.GetRequiredService<JobDbContext>().SaveChangesAsync();
        }

        await IsReturned(service, Service.Queue);
        Assert.Equal(0u, await broker.Count("unrouted"));
        await using var restarted = await Service.Start(place, settings: Unwatched);
        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job");
    }

    [Fact]
    public async Task When_the_queue_for_unrouted_events_is_gone_too_an_event_is_returned_and_goes_out_once_they_are_back()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var service = await Service.Start(place, settings: Unwatched);
        await service.StopConsuming();
        await broker.DeleteQueue(Service.Queue);
        await broker.DeleteQueue("unrouted");

        await service.Publish(new Job(Guid.NewGuid()));

        await IsReturned(service, JobExchange);
        await using var restarted = await Service.Start(place, settings: Unwatched);
        await Waiting.Until(1, async () => await service.Query(x => x.DoneJobs.CountAsync()) + (int)await broker.Count("unrouted"), "the job");
    }

    private static Task IsReturned(Service service, string exchange) => Waiting.Until($"No queue is bound to the exchange {exchange} for this message.",
        () => service.Query(x => x.Set<OutboxMessage>().Select(message => EF.Property<string?>(message, "LastError")).SingleAsync())!, "the message to be returned");
}
