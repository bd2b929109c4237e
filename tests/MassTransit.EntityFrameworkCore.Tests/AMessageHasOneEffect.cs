using MassTransit.EntityFrameworkCore.Tests.Running;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCore.Tests;

[Collection(ServersCollection.Name)]
public sealed class AMessageHasOneEffect(TestServers servers)
{
    [Theory, OnPostgres, OnSqlServer]
    public async Task When_it_is_delivered_50_times_to_two_replicas(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var first = await StartWorker(place);
        await using var second = await StartWorker(place);
        await using var listener = await StartListener(place);
        var messageId = NewId.NextGuid();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            first.Publish(new Work("doubled"), context => context.MessageId = messageId)));
        await first.Publish(new Work("last"));

        await Waiting.Until(1, () => place.CountNotes("last"), "notes of the last message");
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
        await Waiting.Until(true, () => Task.FromResult(listener.Arrivals.Texts.Contains("last")), "arrival of the last message");
        Assert.Equal(1, await place.CountNotes("doubled"));
        Assert.Single(listener.Arrivals.Texts, "doubled");
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_process_dies_between_its_commit_and_the_publish(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using (var dying = await StartWorker(place, delivers: false))
        {
            await dying.Publish(new Work("committed"));
            await Waiting.Until(1, () => place.CountNotes("committed"), "notes");
        }

        Assert.Equal(1, await place.CountStored());
        await using var listener = await StartListener(place, delivers: false);
        await using var restarted = await StartWorker(place);

        await Waiting.Until(1, () => Task.FromResult(listener.Arrivals.All.Count), "arrivals");
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
        Assert.Equal(1, await place.CountNotes("committed"));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_its_consumer_throws_there_is_none_but_a_fault(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        var faults = new TaskCompletionSource<Fault<Work>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await Service.Start(place, bus => bus.AddConsumer<FailingConsumer>(), (context, rabbit) =>
            rabbit.ReceiveEndpoint("work", endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.UseEntityFrameworkOutbox<TestDbContext>(context);
                endpoint.ConfigureConsumer<FailingConsumer>(context);
            }));
        await using var listener = await StartListener(place, endpoints: (_, rabbit) => rabbit.ReceiveEndpoint("faults", endpoint =>
            endpoint.Handler<Fault<Work>>(context =>
            {
                faults.TrySetResult(context.Message);
                return Task.CompletedTask;
            })));

        await listener.Publish(new Work("broken"));

        var fault = await faults.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("broken on purpose", fault.Exceptions[0].Message);
        Assert.Equal(0, await place.CountNotes("broken"));
        Assert.Equal(0, await place.CountStored());
        Assert.Equal(0, await place.Query(x => x.Set<InboxState>().CountAsync()));
        Assert.Empty(listener.Arrivals.All);
    }

    internal static Task<Service> StartWorker(Place place, bool delivers = true) =>
        Service.Start(place, bus => bus.AddConsumer<WorkConsumer>(), (context, rabbit) =>
            Service.Queue(context, rabbit, "work", endpoint => endpoint.ConfigureConsumer<WorkConsumer>(context)), delivers);

    internal static Task<Service> StartListener(Place place, bool delivers = true,
        Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator>? endpoints = null) =>
        Service.Start(place, bus => bus.AddConsumer<WorkDoneConsumer>(), (context, rabbit) =>
        {
            rabbit.ReceiveEndpoint("listener", endpoint => endpoint.ConfigureConsumer<WorkDoneConsumer>(context));
            endpoints?.Invoke(context, rabbit);
        }, delivers);

    private sealed class FailingConsumer(TestDbContext database) : IConsumer<Work>
    {
        public async Task Consume(ConsumeContext<Work> context)
        {
            database.Notes.Add(new Note { Text = context.Message.Text });
            await database.SaveChangesAsync();
            await context.Publish(new WorkDone(context.Message.Text));
            throw new InvalidOperationException("broken on purpose");
        }
    }
}
