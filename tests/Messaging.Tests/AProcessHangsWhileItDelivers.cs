using MassTransit;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Messaging.Tests.Running;

namespace OrderSample.Messaging.Tests;

/// <summary>
/// It has leased rows of the outbox, and handed their messages to its connection. Another one delivers them when the lease is over. When the first one goes
/// on, its copies arrive as well.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class AProcessHangsWhileItDelivers(TestServers servers)
{
    private const int Jobs = 10;
    private const string Copies = "copies";
    private static readonly string Exchange = $"{typeof(Job).Namespace}:{nameof(Job)}";

    [Fact]
    public Task When_one_hangs_before_the_broker_has_its_messages_another_one_delivers_them_and_late_copies_have_no_effect() =>
        EachIsDoneOnce((service, jobs) => service.Publish(jobs));

    [Fact]
    public Task When_one_hangs_with_timeouts_that_it_has_found_due_too() => EachIsDoneOnce(async (service, jobs) =>
    {
        await using var scope = service.Services.CreateAsyncScope();
        var due = DateTime.UtcNow.AddSeconds(0.2);
        foreach (var job in jobs)
            await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().SchedulePublish(due, job);
        await scope.ServiceProvider.GetRequiredService<JobDbContext>().SaveChangesAsync();
    });

    private async Task EachIsDoneOnce(Func<Service, Job[], Task> send)
    {
        var place = await servers.NewPlace();
        await using var way = new BrokerProxy(place.Broker);
        // The broker must not give up the connection that hangs, however busy the machine is, or no late copy comes.
        await using var hanging = await Service.Start(place with { Broker = way.Broker }, settings: ("Messaging:Heartbeat", "00:01:00"));
        // On its way the exchange is declared, for which an answer is waited.
        await send(hanging, [new Job(Guid.NewGuid())]);
        await Waiting.Until(1, () => hanging.Query(x => x.DoneJobs.CountAsync()), "a job before");
        // A confirm that is still to come would be waited for in vain, and nothing else be sent meanwhile.
        await Waiting.Until(0, () => hanging.Query(x => x.Set<OutboxMessage>().CountAsync()), "the job's confirm");
        await using var broker = await RawBroker.Connect(place);
        await broker.Subscribe(Exchange, Copies);

        way.Hang();
        await send(hanging, [.. Enumerable.Range(1, Jobs).Select(number => new Job(Guid.NewGuid(), number))]);
        var state = hanging.Services.GetRequiredService<OutboxDeliveryState>();
        await Waiting.Until(true, () => Task.FromResult(state.Paused is not null), "messages to be on their way in vain");

        await using var other = await Service.Start(place);
        // Some of them wait at the consumer that hangs.
        await Waiting.Until((uint)Jobs, () => broker.Count(Copies), "another one to deliver them");
        way.GoOn();
        await Waiting.Until(2u * Jobs, async () => Math.Min(await broker.Count(Copies), 2u * Jobs), "the late copies");
        await Waiting.Until(Jobs + 1, () => other.Query(x => x.DoneJobs.CountAsync()), "all jobs");
        await Waiting.Until(0u, () => broker.Count(Service.Queue), "an empty queue");
        await other.Services.GetRequiredService<IBusControl>().StopAsync();
        Assert.Equal(Jobs + 1, await other.Query(x => x.DoneJobs.Select(job => job.Number).Distinct().CountAsync()));
        Assert.Equal(Jobs + 1, await other.Query(x => x.DoneJobs.CountAsync()));
        Assert.Equal(0u, await broker.Count($"{Service.Queue}_error"));
    }
}
