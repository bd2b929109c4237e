using Microsoft.EntityFrameworkCore;
using OrderSample.Messaging.Tests.Running;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.Messaging.Tests;

[Collection(ServersCollection.Name)]
public sealed class AnEndpointRestsWhileItsDependencyFails(TestServers servers)
{
    [Fact]
    public async Task When_all_messages_fail_the_others_stay_in_the_queue_until_the_dependency_is_back()
    {
        const int sent = 200;
        const int after = 5;
        // Dependencies that are away rarely say so at once. A busy machine takes longer to stop an endpoint, which tries what comes meanwhile, as fast as that fails.
        var answerTimeout = TimeSpan.FromMilliseconds(100);
        var broken = true;
        var attempts = 0;
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, async _ =>
        {
            Interlocked.Increment(ref attempts);
            if (!Volatile.Read(ref broken))
                return;
            await Task.Delay(answerTimeout);
            throw new TransientFailureException("The dependency is away.", new TimeoutException());
        }, ("Messaging:Retry:Limit", "0"), ("Messaging:Redelivery:Delays:0", "00:00:01"), ("Messaging:Redelivery:Delays:1", "00:00:05"),
            ("Messaging:PrefetchCount", "8"), ("Messaging:ConcurrentMessageLimit", "4"),
            ($"Messaging:Endpoints:{Service.Queue}:KillSwitch:After", $"{after}"), ($"Messaging:Endpoints:{Service.Queue}:KillSwitch:Rest", "00:00:01"));

        await using var broker = await RawBroker.Connect(place);
        // Most are sent while it rests: until it has stopped it tries what comes.
        const int first = 2 * after;
        await service.Publish(Jobs(0, first));
        await Waiting.Until(0u, () => broker.Consumers(Service.Queue), "the endpoint to rest");
        await service.Publish(Jobs(first, sent - first));

        // After each rest it tries with what was prefetched, never with everything. Several, because not after each one a message fails before the endpoint is ready.
        var restUntil = DateTime.UtcNow.AddSeconds(7);
        await Waiting.Until(true, () => Task.FromResult(DateTime.UtcNow > restUntil), "several rests");
        Assert.InRange(attempts, after, sent / 2);
        Assert.Empty(await service.Query(x => x.DoneJobs.ToListAsync()));

        Volatile.Write(ref broken, false);
        await Waiting.Until(sent, () => service.Query(x => x.DoneJobs.CountAsync()), "all jobs");
        Assert.Equal(0u, await broker.Count("jobs_error"));

        static Job[] Jobs(int from, int count) => [.. Enumerable.Range(from, count).Select(number => new Job(Guid.NewGuid(), number))];
    }
}
