using MassTransit.EntityFrameworkCore.Tests.Running;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MassTransit.EntityFrameworkCore.Tests;

[Collection(ServersCollection.Name)]
public sealed class StoredMessagesAreDelivered(TestServers servers)
{
    [Theory, OnPostgres, OnSqlServer]
    public async Task When_one_row_can_not_be_delivered_1000_others_do_not_wait_for_it(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var service = await AMessageHasOneEffect.StartListener(place);
        await service.Request(async (scope, database) =>
        {
            var refused = await scope.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri("exchange:refused"));
            await refused.Send(new Work("undeliverable"), context => ((RabbitMqSendContext)context).Mandatory = true);
            await database.SaveChangesAsync();
        });
        await Waiting.Until(true, async () => await AttemptsOfTheRefused(place) >= 1, "a failed attempt");

        for (var i = 0; i < 10; i++)
            await PublishInOneTransaction(service, 100);

        await Waiting.Until(1000, () => Task.FromResult(service.Arrivals.All.Select(x => x.MessageId).Distinct().Count()), "arrivals");
        await Waiting.Until(1, () => place.CountStored(), "stored messages");
        await Waiting.Until(true, async () => await AttemptsOfTheRefused(place) >= 3, "further attempts");
        Assert.NotNull(await place.Query(x => x.Set<OutboxMessage>().Select(m => m.LastError).SingleAsync()));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_no_queue_takes_a_command_it_is_parked_and_sent_once_it_is_asked_for_again(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var service = await Service.Start(place, delivery: delivery =>
        {
            delivery.MaxDeliveryAttempts = 3;
            delivery.FirstRetryDelay = TimeSpan.FromMilliseconds(100);
        });
        await service.Request(async (scope, database) =>
        {
            var nobody = await scope.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri("exchange:late-listener"));
            await nobody.Send(new WorkDone("for a queue to come"), context => ((RabbitMqSendContext)context).Mandatory = true);
            await database.SaveChangesAsync();
        });

        await Waiting.Until(true, () => place.Query(x => x.Set<OutboxMessage>().AnyAsync(m => m.EnqueueTime == null)), "a parked message");
        var parked = await place.Query(x => x.Set<OutboxMessage>().SingleAsync());
        Assert.Equal(3, parked.Attempts);
        Assert.Contains("No queue is bound", parked.LastError, StringComparison.Ordinal);
        Assert.Equal(MessageUrn.ForTypeString<WorkDone>(), parked.MessageType);

        await using var late = await Service.Start(place, bus => bus.AddConsumer<WorkDoneConsumer>(), (context, rabbit) =>
            rabbit.ReceiveEndpoint("late-listener", endpoint => endpoint.ConfigureConsumer<WorkDoneConsumer>(context)), delivers: false);
        await place.Query(x => x.Set<OutboxMessage>().ExecuteUpdateAsync(m => m.SetProperty(row => row.EnqueueTime, DateTime.UtcNow)));

        await Waiting.Until(1, () => Task.FromResult(late.Arrivals.All.Count), "arrivals");
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_two_replicas_sweep_each_message_is_sent_once(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using (var dying = await Service.Start(place, delivers: false))
        {
            for (var i = 0; i < 10; i++)
                await PublishInOneTransaction(dying, 100);
        }

        Assert.Equal(1000, await place.CountStored());
        await using var listener = await AMessageHasOneEffect.StartListener(place, delivers: false);
        await using var first = await Service.Start(place);
        await using var second = await Service.Start(place);

        await Waiting.Until(0, () => place.CountStored(), "stored messages");
        await Waiting.Until(1000, () => Task.FromResult(listener.Arrivals.All.Count), "arrivals");
        Assert.Equal(1000, listener.Arrivals.All.Select(x => x.MessageId).Distinct().Count());
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_service_stops_no_row_of_what_was_just_sent_is_left(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var listener = await AMessageHasOneEffect.StartListener(place, delivers: false);
        await using (var stopping = await Service.Start(place))
        {
            await PublishInOneTransaction(stopping, 100);
            await Waiting.Until(true, () => Task.FromResult(!listener.Arrivals.All.IsEmpty), "an arrival");
        }

        // Each message was either sent and its row deleted, or neither.
        var left = await place.CountStored();
        await Waiting.Until(100 - left, () => Task.FromResult(listener.Arrivals.All.Count), "arrivals");
        await using var next = await Service.Start(place);
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
        await Waiting.Until(100, () => Task.FromResult(listener.Arrivals.All.Count), "arrivals");
    }

    [Fact]
    public async Task When_settling_breaks_down_the_service_ends_and_its_rows_stay()
    {
        var time = new ClockThatStopsSettling();
        var place = await servers.NewPlace(DatabaseServer.Postgres);
        await using var service = await Service.Start(place, time: time);
        var ending = service.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

        await PublishInOneTransaction(service, 1);
        await Waiting.Until((true, 0), async () => (time.Settled, await place.CountStored()), "a settled row");
        Assert.False(ending.IsCancellationRequested);
        time.Stops = true;
        await PublishInOneTransaction(service, 1);

        await Waiting.Until(true, () => Task.FromResult(ending.IsCancellationRequested), "the end of the service");
        Assert.Equal(1, await place.CountStored());
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_nothing_is_committed_nothing_is_sent_and_after_the_commit_all_is(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var service = await AMessageHasOneEffect.StartListener(place);

        await service.Request(async (scope, _) => await Publish(scope, "never saved"));
        await service.Request(async (scope, database) =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync();
            await Publish(scope, "rolled back");
            await database.SaveChangesAsync();
            await transaction.RollbackAsync();
        });
        await service.Request(async (scope, database) =>
        {
            await Publish(scope, "saved first");
            await database.SaveChangesAsync();
            await Publish(scope, "saved second");
            await database.SaveChangesAsync();
        });
        await service.Request(async (scope, database) =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync();
            await Publish(scope, "committed");
            await database.SaveChangesAsync();
            await transaction.CommitAsync();
        });

        await Waiting.Until(3, () => Task.FromResult(service.Arrivals.All.Count), "arrivals");
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
        Assert.Equal(["committed", "saved first", "saved second"], service.Arrivals.Texts.Order());
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_they_wait_in_their_row_their_headers_and_ids_wait_with_them(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        var received = new TaskCompletionSource<ConsumeContext<Work>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await Service.Start(place, endpoints: (_, rabbit) => rabbit.ReceiveEndpoint("reader", endpoint =>
            endpoint.Handler<Work>(context =>
            {
                received.TrySetResult(context);
                return Task.CompletedTask;
            })));
        var (messageId, correlationId, conversationId) = (NewId.NextGuid(), NewId.NextGuid(), NewId.NextGuid());

        await service.Request(async (scope, database) =>
        {
            await scope.GetRequiredService<IPublishEndpoint>().Publish(new Work("with headers"), context =>
            {
                context.MessageId = messageId;
                context.CorrelationId = correlationId;
                context.ConversationId = conversationId;
                context.Headers.Set("Tenant", "blue");
                context.TimeToLive = TimeSpan.FromMinutes(5);
            });
            await database.SaveChangesAsync();
        });

        var message = await received.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((messageId, correlationId, conversationId), (message.MessageId, message.CorrelationId, message.ConversationId));
        Assert.Equal("blue", message.Headers.Get<string>("Tenant"));
        Assert.NotNull(message.ExpirationTime);
    }

    [Theory, OnPostgres]
    public async Task When_they_are_envelopes_their_row_does_not_repeat_what_those_say(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var service = await Service.Start(place, delivers: false);
        await Store(service);
        await using var raw = await Service.Start(place, endpoints: (_, rabbit) => rabbit.UseRawJsonSerializer(), delivers: false);
        await Store(raw);

        var rows = await place.Query(x => x.Set<OutboxMessage>().OrderBy(row => row.SequenceNumber).ToListAsync());
        Assert.Equal(["application/vnd.masstransit+json", "application/json"], rows.Select(row => row.ContentType));
        Assert.All(rows, row => Assert.Equal(MessageUrn.ForTypeString<Work>(), row.MessageType));
        Assert.Equal(["|", $"application/json|{MessageUrn.ForTypeString<Work>()}"], await place.Query(x => x.Database.SqlQuery<string>(
            $"""SELECT concat_ws('|', "ContentType", "MessageType") AS "Value" FROM "OutboxMessage" ORDER BY "SequenceNumber" """).ToListAsync()));

        static Task Store(Service service) => service.Request(async (scope, database) =>
        {
            await scope.GetRequiredService<IPublishEndpoint>().Publish(new Work("stored"));
            await database.SaveChangesAsync();
        });
    }

    [Theory, OnPostgres]
    public async Task When_they_were_stored_by_a_version_that_repeated_it(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using (var before = await Service.Start(place, delivers: false))
        {
            await before.Request(async (scope, database) =>
            {
                await scope.GetRequiredService<IPublishEndpoint>().Publish(new WorkDone("of before"));
                await database.SaveChangesAsync();
            });
        }

        await place.Query(x => x.Database.ExecuteSqlAsync(
            $"""UPDATE "OutboxMessage" SET "ContentType" = 'application/vnd.masstransit+json', "MessageType" = {MessageUrn.ForTypeString<WorkDone>()}, "EnqueueTime" = now()"""));

        await using var service = await AMessageHasOneEffect.StartListener(place);
        await Waiting.Until(1, () => Task.FromResult(service.Arrivals.All.Count), "arrivals");
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_inbox_window_is_over_its_rows_go_and_younger_ones_stay(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await place.Query(async database =>
        {
            await database.Database.EnsureCreatedAsync();
            // More than one batch of the clean-up.
            database.AddRange(Enumerable.Range(0, 1200).Select(_ => Inbox(DateTime.UtcNow.AddHours(-1))));
            await database.SaveChangesAsync();
            database.AddRange(Enumerable.Range(0, 5).Select(_ => Inbox(DateTime.UtcNow)));
            return await database.SaveChangesAsync();
        });

        await using var service = await Service.Start(place);

        await Waiting.Until(5, () => place.Query(x => x.Set<InboxState>().CountAsync()), "inbox rows");
    }

    private static InboxState Inbox(DateTime received) =>
        new() { MessageId = NewId.NextGuid(), ConsumerId = NewId.NextGuid(), Received = received, Consumed = received };

    private static Task<int> AttemptsOfTheRefused(Place place) =>
        place.Query(x => x.Set<OutboxMessage>().Where(m => m.Body.Contains("undeliverable")).Select(m => m.Attempts).SingleAsync());

    private static Task Publish(IServiceProvider scope, string text) => scope.GetRequiredService<IPublishEndpoint>().Publish(new WorkDone(text));

    private static Task PublishInOneTransaction(Service service, int count) => service.Request(async (scope, database) =>
    {
        for (var i = 0; i < count; i++)
            await Publish(scope, "one of many");
        await database.SaveChangesAsync();
    });

    /// <summary>The machine's clock, but for the timer by which settled rows wait for one another: it can be made to fail.</summary>
    private sealed class ClockThatStopsSettling : TimeProvider
    {
        private static readonly TimeSpan SettleDelay = TimeSpan.FromMilliseconds(100);

        public bool Settled { get; private set; }

        public bool Stops { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == SettleDelay)
            {
                Settled = true;
                if (Stops)
                    throw new InvalidOperationException("Made for a test.");
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
