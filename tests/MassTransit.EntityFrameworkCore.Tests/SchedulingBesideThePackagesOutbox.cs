extern alias beside;

using MassTransit.EntityFrameworkCore.Tests.Running;
using MassTransit.EntityFrameworkCoreIntegration;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Scheduler = beside::MassTransit.OutboxSchedulerExtensions;

namespace MassTransit.EntityFrameworkCore.Tests;

/// <summary>The scheduler of the build on MassTransit's own package, which uses nothing but that one's public API.</summary>
[Collection(ServersCollection.Name)]
public sealed class SchedulingBesideThePackagesOutbox(TestServers servers)
{
    [Fact]
    public async Task What_a_consumer_schedules_comes_when_it_is_due_and_what_it_takes_back_does_not()
    {
        var place = await servers.NewPlace();
        await using (var schema = place.OpenDatabase())
            await schema.Database.EnsureCreatedAsync();
        await using var provider = new ServiceCollection().AddLogging()
            .AddScoped(_ => place.OpenDatabase())
            .AddSingleton<Arrivals>()
            .AddMassTransitTestHarness(bus =>
            {
                bus.AddEntityFrameworkOutbox<TestDbContext>(outbox =>
                {
                    // Whatever comes was delivered by the scheduler, because nothing else delivers.
                    outbox.UseBusOutbox(delivery => delivery.DisableDeliveryService());
                });
                Scheduler.AddEntityFrameworkMessageScheduler<TestDbContext>(bus);
                bus.AddConsumer<SchedulingConsumer>();
                bus.AddConsumer<WorkDoneConsumer>();
                bus.AddConfigureEndpointsCallback((context, name, endpoint) =>
                {
                    if (name.StartsWith("Scheduling", StringComparison.Ordinal))
                        endpoint.UseEntityFrameworkOutbox<TestDbContext>(context);
                });
                bus.UsingInMemory((context, memory) =>
                {
                    Scheduler.UseEntityFrameworkMessageScheduler(memory);
                    memory.ConfigureEndpoints(context);
                });
            }).BuildServiceProvider(true);
        var harness = await provider.StartTestHarness();

        await harness.Bus.Publish(new Work("later"));

        await Waiting.Until(1, () => place.CountNotes("later"), "notes");
        var stored = await place.Query(x => x.Set<OutboxMessage>().AsNoTracking().OrderBy(m => m.EnqueueTime).ToListAsync());
        // Of no inbox and no scope, or the outbox would take them for its own and send them at once.
        Assert.Equal(2, stored.Count);
        Assert.All(stored, row => Assert.True(row is { InboxMessageId: null, OutboxId: null, SchedulingTokenId: not null }));
        // The row's time is all the delay there is; the broker is to add none.
        Assert.All(stored, row => Assert.DoesNotContain("delay", row.Properties ?? "", StringComparison.OrdinalIgnoreCase));
        await using (var scope = provider.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().CancelScheduledSend(stored[0].DestinationAddress!, stored[0].SchedulingTokenId!.Value);
        }

        var arrivals = provider.GetRequiredService<Arrivals>();
        await Waiting.Until(1, () => Task.FromResult(arrivals.All.Count), "arrivals");
        // The one that was due before it has been passed over.
        Assert.Equal(["second of later"], arrivals.Texts);
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
    }

    private sealed class SchedulingConsumer(TestDbContext database) : IConsumer<Work>
    {
        private static readonly Uri Listener = new("queue:WorkDone");

        public async Task Consume(ConsumeContext<Work> context)
        {
            database.Notes.Add(new Note { Text = context.Message.Text });
            var now = DateTime.UtcNow;
            var takenBack = await context.ScheduleSend(Listener, now.AddSeconds(1), new WorkDone("taken back at once"));
            await context.ScheduleSend(Listener, now.AddSeconds(8), new WorkDone($"first of {context.Message.Text}"));
            await context.ScheduleSend(Listener, now.AddSeconds(9), new WorkDone($"second of {context.Message.Text}"));
            await context.CancelScheduledSend(takenBack);
        }
    }
}
