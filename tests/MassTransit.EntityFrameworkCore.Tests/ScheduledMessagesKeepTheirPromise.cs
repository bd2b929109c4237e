using MassTransit.EntityFrameworkCore.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCore.Tests;

[Collection(ServersCollection.Name)]
public sealed class ScheduledMessagesKeepTheirPromise(TestServers servers)
{
    private static readonly Uri Listener = new("exchange:listener");

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_process_that_scheduled_it_is_gone_another_one_sends_it(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        var due = DateTime.UtcNow.AddSeconds(4);
        await using (var leaving = await AMessageHasOneEffect.StartListener(place))
            await Schedule(leaving, due, "after the restart");

        Assert.Equal(1, await place.CountStored());
        await using var service = await AMessageHasOneEffect.StartListener(place);

        await Waiting.Until(1, () => Task.FromResult(service.Arrivals.All.Count), "arrivals");
        Assert.True(DateTime.UtcNow >= due, "it arrived before it was due");
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_it_is_cancelled_it_never_arrives(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var service = await AMessageHasOneEffect.StartListener(place);

        var cancelled = await Schedule(service, DateTime.UtcNow.AddSeconds(2), "cancelled");
        await Schedule(service, DateTime.UtcNow.AddSeconds(3), "kept");
        await service.Request(async (scope, database) =>
        {
            await scope.GetRequiredService<IMessageScheduler>().CancelScheduledSend(Listener, cancelled);
            await database.SaveChangesAsync();
        });

        // The one that was due later has come, so the earlier one would have.
        await Waiting.Until(1, () => Task.FromResult(service.Arrivals.All.Count), "arrivals");
        Assert.Equal(["kept"], service.Arrivals.Texts);
        Assert.Equal(0, await place.Query(x => Task.FromResult(x.Set<EntityFrameworkCoreIntegration.OutboxMessage>().Count(m => m.SchedulingTokenId == cancelled))));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_consumer_takes_it_back_at_once_it_never_arrives_even_if_it_was_due_already(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var service = await Service.Start(place, bus =>
        {
            bus.AddConsumer<WaveringConsumer>();
            bus.AddConsumer<WorkDoneConsumer>();
        }, (context, rabbit) =>
        {
            rabbit.ReceiveEndpoint("listener", endpoint => endpoint.ConfigureConsumer<WorkDoneConsumer>(context));
            Service.Queue(context, rabbit, "wavering", endpoint => endpoint.ConfigureConsumer<WaveringConsumer>(context));
        });

        await service.Publish(new Work("begin"));

        // Sent after the others, by the same connection, so these would have come.
        await Waiting.Until(true, () => Task.FromResult(service.Arrivals.Texts.Contains("kept")), "the one that is kept");
        Assert.Equal(["kept"], service.Arrivals.Texts);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_transaction_that_scheduled_it_is_rolled_back_it_was_never_scheduled(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var service = await AMessageHasOneEffect.StartListener(place);

        await service.Request(async (scope, database) =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync();
            await scope.GetRequiredService<IMessageScheduler>().ScheduleSend(Listener, DateTime.UtcNow.AddSeconds(1), new WorkDone("rolled back"));
            await database.SaveChangesAsync();
            await transaction.RollbackAsync();
        });

        Assert.Equal(0, await place.CountStored());
    }

    private static async Task<Guid> Schedule(Service service, DateTime due, string text)
    {
        var token = Guid.Empty;
        await service.Request(async (scope, database) =>
        {
            token = (await scope.GetRequiredService<IMessageScheduler>().ScheduleSend(Listener, due, new WorkDone(text))).TokenId;
            await database.SaveChangesAsync();
        });
        return token;
    }

    /// <summary>Schedules for what is, or may be, the past; takes back what is not saved yet, and what is.</summary>
    private sealed class WaveringConsumer(TestDbContext database) : IConsumer<Work>
    {
        public async Task Consume(ConsumeContext<Work> context)
        {
            foreach (var due in new[] { DateTime.UtcNow.AddSeconds(-10), DateTime.UtcNow })
            {
                var takenBack = await context.ScheduleSend(Listener, due, new WorkDone("taken back"));
                await context.CancelScheduledSend(takenBack);
            }

            var saved = await context.ScheduleSend(Listener, DateTime.UtcNow.AddSeconds(-10), new WorkDone("taken back after a save"));
            await database.SaveChangesAsync(context.CancellationToken);
            await context.CancelScheduledSend(saved);

            await context.ScheduleSend(Listener, DateTime.UtcNow.AddSeconds(-1), new WorkDone("kept"));
        }
    }
}
