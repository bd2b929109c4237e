using MassTransit.EntityFrameworkCore.Tests.Running;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCore.Tests;

[Collection(ServersCollection.Name)]
public sealed class WhatFailsWhenItIsSaved(TestServers servers)
{
    [Fact]
    public async Task Publishes_the_fault_of_its_message_once_and_leaves_nothing()
    {
        var place = await servers.NewPlace();
        await using (var schema = place.OpenDatabase())
            await schema.Database.EnsureCreatedAsync();
        await using var provider = new ServiceCollection().AddLogging()
            .AddScoped(_ => place.OpenDatabase())
            .AddMassTransitTestHarness(bus =>
            {
                // By default a busy machine counts as idle after 1.2 s.
                bus.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(5));
                bus.AddEntityFrameworkOutbox<TestDbContext>(outbox => outbox.UsePostgres());
                bus.AddConsumer<SameNoteConsumer>();
                bus.AddConfigureEndpointsCallback((context, _, endpoint) =>
                {
                    endpoint.UseMessageRetry(retry => retry.Immediate(2));
                    endpoint.UseEntityFrameworkOutbox<TestDbContext>(context);
                });
            }).BuildServiceProvider(true);
        var harness = await provider.StartTestHarness();
        await harness.Bus.Publish(new Work("first"));
        await Waiting.Until(1, () => place.CountNotes("first"), "notes");

        // The key is taken. The consumer doesn't save, so it is the transaction's end that finds out.
        await harness.Bus.Publish(new Work("second"));

        Assert.True(await harness.Published.Any<Fault<Work>>(x => x.Context.Message.Message.Text == "second"));
        await harness.InactivityTask;
        Assert.Single(harness.Published.Select<Fault<Work>>());
        Assert.Equal(0, await place.CountNotes("second"));
        Assert.DoesNotContain(harness.Published.Select<WorkDone>(), x => x.Context.Message.Text == "second");
    }

    private sealed class SameNoteConsumer(TestDbContext database) : IConsumer<Work>
    {
        public Task Consume(ConsumeContext<Work> context)
        {
            database.Notes.Add(new Note { Id = 1, Text = context.Message.Text });
            return context.Publish(new WorkDone(context.Message.Text));
        }
    }
}
