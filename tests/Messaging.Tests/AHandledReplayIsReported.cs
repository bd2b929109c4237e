using System.Net.Http.Json;
using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Messaging.Tests.Running;
using OrderSample.ServiceDefaults.Messaging.Replays;

namespace OrderSample.Messaging.Tests;

/// <summary>What the dead-letter desk is told of a message that it replayed: that it was handled, if and only if it was.</summary>
[Collection(ServersCollection.Name)]
public sealed class AHandledReplayIsReported(TestServers servers)
{
    private const string Reports = "dead-letters-handled";
    private const long Case = 7;

    [Fact]
    public async Task When_its_consumer_has_committed_and_no_other_message_is()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var service = await Service.Start(place);
        await service.Publish(new Job(Guid.NewGuid()));
        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the ordinary job");

        var before = DateTimeOffset.UtcNow;
        await Replay(service);
        var report = await Take(broker);

        Assert.Equal((Case, Service.Queue), (report.DeadLetterId, report.Endpoint));
        Assert.InRange(report.At, before, DateTimeOffset.UtcNow);
        Assert.Equal(2, await service.Query(x => x.DoneJobs.CountAsync()));
        Assert.Equal(0u, await broker.Count(Reports));
        // It is sent, not published: an exchange of its type would be one that no service may declare.
        var exchanges = await place.Management.GetFromJsonAsync<JsonElement[]>($"api/exchanges/{place.VirtualHost}?columns=name") ?? [];
        Assert.DoesNotContain(exchanges, exchange => exchange.GetProperty("name").GetString()!.EndsWith($":{nameof(DeadLetterHandled)}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_transaction_is_rolled_back_it_is_not_until_another_attempt_commits()
    {
        var (attempts, mended) = (0, false);
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var service = await Service.Start(place, _ =>
        {
            Interlocked.Increment(ref attempts);
            return Volatile.Read(ref mended) ? Task.CompletedTask : throw new InvalidOperationException("made for a test");
        }, ("Messaging:Redelivery:Delays:0", "00:00:00.100"));

        await Replay(service);
        var failed = await broker.Take($"{Service.Queue}_error");
        Assert.True(Volatile.Read(ref attempts) > 0);
        Assert.Equal(0u, await broker.Count(Reports));
        Assert.Equal(0, await service.Query(x => x.DoneJobs.CountAsync()));
        // By this it is known again.
        Assert.Equal(Case, failed.Header("OrderSample-DeadLetter"));

        Volatile.Write(ref mended, true);
        await Replay(service);
        Assert.Equal(Case, (await Take(broker)).DeadLetterId);
    }

    [Fact]
    public async Task When_the_connection_is_lost_between_commit_and_report_it_is_reported_with_the_next_delivery_which_has_no_effect()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var service = await Service.Start(place);
        var gate = new BeforeReport();
        service.Services.GetRequiredService<IBus>().ConnectSendObserver(gate);
        await Replay(service);

        await gate.Reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, await service.Query(x => x.DoneJobs.CountAsync()));
        Assert.Equal(0u, await broker.Count(Reports));
        await place.CutConnections();
        gate.Open.SetResult();

        await using var later = await RawBroker.Connect(place);
        Assert.Equal(Case, (await Take(later)).DeadLetterId);
        await Waiting.Until(true, () => Task.FromResult(gate.Reports >= 2), "a second delivery");
        Assert.Equal(1, await service.Query(x => x.DoneJobs.CountAsync()));
    }

    [Fact]
    public async Task When_the_inbox_drops_it_because_it_was_handled_before()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var service = await Service.Start(place);
        var message = Guid.NewGuid();
        await Replay(service, message);
        await Take(broker);

        await Replay(service, message);
        Assert.Equal(Case, (await Take(broker)).DeadLetterId);
        Assert.Equal(1, await service.Query(x => x.DoneJobs.CountAsync()));
    }

    private static Task Replay(Service service, Guid? messageId = null) => service.Services.GetRequiredService<IBus>().Publish(new Job(Guid.NewGuid()), context =>
    {
        context.MessageId = messageId ?? Guid.NewGuid();
        context.Headers.Set("OrderSample-DeadLetter", Case);
        context.Headers.Set("OrderSample-DeadLetter-Replay", 1);
    });

    private static async Task<DeadLetterHandled> Take(RawBroker broker)
    {
        var report = await broker.Take(Reports);
        return JsonDocument.Parse(report.Body).RootElement.GetProperty("message").Deserialize<DeadLetterHandled>(JsonSerializerOptions.Web)!;
    }

    /// <summary>Holds the first report, when the transaction is committed.</summary>
    private sealed class BeforeReport : ISendObserver
    {
        private int _reports;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Reports => Volatile.Read(ref _reports);

        public async Task PreSend<T>(SendContext<T> context)
            where T : class
        {
            if (context.Message is not DeadLetterHandled || Interlocked.Increment(ref _reports) > 1)
                return;
            Reached.SetResult();
            await Open.Task;
        }

        public Task PostSend<T>(SendContext<T> context)
            where T : class => Task.CompletedTask;

        public Task SendFault<T>(SendContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }
}
