using System.Net.Http.Json;
using System.Text.Json;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Messaging.Tests.Running;

namespace OrderSample.Messaging.Tests;

[Collection(ServersCollection.Name)]
public sealed class NothingIsDroppedByTheBroker(TestServers servers)
{
    [Fact]
    public async Task When_an_event_has_no_subscriber_it_is_kept_as_unrouted()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place);
        await service.Publish(new NobodyListens("Hello?"));

        await using var broker = await RawBroker.Connect(place);
        Assert.Contains("Hello?", (await broker.Take("unrouted")).Text(), StringComparison.Ordinal);
        await Waiting.Until(0, () => service.Query(x => x.Set<OutboxMessage>().CountAsync()), "the outbox to be empty");
    }

    [Fact]
    public async Task When_a_queue_is_full_its_messages_wait_in_the_outbox_and_all_arrive_once_there_is_room()
    {
        const int most = 1000;
        using var open = new SemaphoreSlim(0);
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, context => open.WaitAsync(context.CancellationToken),
            ("Messaging:Queues:MaxLength", "5"), ("Messaging:PrefetchCount", "1"), ("Messaging:ConcurrentMessageLimit", "1"),
            ("Messaging:Outbox:MaxAttempts", "2"), ("Messaging:Outbox:FirstDelay", "00:00:00.200"), ("Messaging:Outbox:LongestDelay", "00:00:00.500"));

        // One by one, because the broker takes some more while the news that the queue is full travels.
        var sent = 0;
        while (!await service.Query(x => x.Set<OutboxMessage>().AnyAsync(row => row.LastError != null)) && sent < most)
            await service.Publish(new Job(Guid.NewGuid(), sent++));
        Assert.True(sent < most, $"the queue took {most} messages");
        await Waiting.Until(true, () => Task.FromResult(service.Services.GetRequiredService<OutboxDeliveryState>().Refusing.Count > 0), "the queue to be known as full");

        open.Release(sent);
        await Waiting.Until(sent, () => service.Query(x => x.DoneJobs.CountAsync()), "all jobs");
        Assert.Equal(sent, await service.Query(x => x.DoneJobs.Select(job => job.Number).Distinct().CountAsync()));
        await Waiting.Until(0, () => service.Query(x => x.Set<OutboxMessage>().CountAsync()), "the outbox to be empty");
    }

    [Fact]
    public async Task When_a_message_kills_its_consumer_again_and_again_it_becomes_a_dead_letter_with_its_queue()
    {
        const int limit = 3;
        var place = await servers.NewPlace();
        await using (await Service.Start(place, settings: ("Messaging:Queues:DeliveryLimit", $"{limit}")))
        {
        }

        await using var broker = await RawBroker.Connect(place);
        await broker.Publish(Service.Queue, "poison");
        var deliveries = 0;
        while (await broker.TakeAndReturn(Service.Queue))
            deliveries++;

        Assert.InRange(deliveries, limit, limit + 1);
        var dead = await broker.Take("dead-letters");
        Assert.Equal("poison", dead.Text());
        var death = Assert.IsType<Dictionary<string, object>>(Assert.Single(Assert.IsAssignableFrom<IEnumerable<object>>(dead.BasicProperties.Headers!["x-death"])));
        Assert.Equal(Service.Queue, System.Text.Encoding.UTF8.GetString((byte[])death["queue"]));
        Assert.Equal("delivery_limit", System.Text.Encoding.UTF8.GetString((byte[])death["reason"]));
    }

    [Fact]
    public async Task When_a_queue_has_other_arguments_than_configured_the_service_says_which_and_does_not_start()
    {
        var place = await servers.NewPlace();
        await using (await Service.Start(place, settings: ("Messaging:Queues:MaxLength", "1000")))
        {
        }

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => Service.Start(place, settings: ("Messaging:Queues:MaxLength", "2000")));
        Assert.Contains("The queue jobs exists with other arguments", refused.Message, StringComparison.Ordinal);
        Assert.Contains("x-max-length", refused.Message, StringComparison.Ordinal);
        Assert.Contains("delete it", refused.Message, StringComparison.Ordinal);

        await using var asBefore = await Service.Start(place, settings: ("Messaging:Queues:MaxLength", "1000"));
        var order = Guid.NewGuid();
        await asBefore.Publish(new Job(order));
        await Waiting.Until(1, () => asBefore.Query(x => x.DoneJobs.CountAsync(job => job.OrderId == order)), "the job to be done");
    }

    /// <summary>Nothing is asked for where nothing is configured: queues that exist have no such argument, and can't be given one.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public async Task When_a_number_of_members_is_configured_every_queue_asks_for_it(int? members)
    {
        var place = await servers.NewPlace();
        (string, string)[] settings = members is null ? [] : [("Messaging:Queues:GroupSize", $"{members}")];
        await using (await Service.Start(place, settings: settings))
        {
        }

        var queues = await place.Management.GetFromJsonAsync<JsonElement[]>($"api/queues/{place.VirtualHost}?columns=name,arguments") ?? [];
        Assert.NotEmpty(queues);
        Assert.All(queues, queue =>
        {
            var asks = queue.GetProperty("arguments").TryGetProperty("x-quorum-initial-group-size", out var size);
            Assert.Equal(members, asks ? size.GetInt32() : null);
        });
    }

    [Fact]
    public async Task When_a_delay_queue_is_of_another_time_the_service_says_which_and_does_not_start()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await broker.DeclareQuorumQueue("jobs_delay_1000ms");

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => Service.Start(place, settings: ("Messaging:Redelivery:Delays:0", "00:00:01")));
        Assert.Contains("The queue jobs_delay_1000ms exists with other arguments", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_an_events_exchange_is_of_a_time_without_alternate_exchange_the_service_says_so_and_does_not_start()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        var exchange = $"{typeof(Job).Namespace}:{nameof(Job)}";
        await broker.DeclareExchange(exchange);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => Service.Start(place));
        Assert.Contains($"The exchange {exchange} exists with other arguments", refused.Message, StringComparison.Ordinal);
        Assert.Contains("alternate-exchange", refused.Message, StringComparison.Ordinal);
    }
}
