using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Messaging.Tests.Running;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.Messaging.Redelivery;

namespace OrderSample.Messaging.Tests;

/// <summary>What the desk is told, for the order's story, of a message that is delivered more than once.</summary>
[Collection(ServersCollection.Name)]
public sealed class ARepeatedDeliveryIsReported(TestServers servers)
{
    private const string Reports = "repeated-deliveries";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly Guid _order = Guid.NewGuid();

    [Fact]
    public async Task When_a_consumer_fails_with_its_exception_its_retries_its_delays_and_when_it_is_tried_next()
    {
        var attempts = 0;
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var service = await Service.Start(place,
            _ => Interlocked.Increment(ref attempts) <= 4 ? throw new TransientFailureException("Not yet.", new TimeoutException("Too slow.")) : Task.CompletedTask,
            ("Messaging:Retry:Limit", "1"), ("Messaging:Retry:First", "00:00:00.010"), ("Messaging:Redelivery:Delays:0", "00:00:00.200"), ("Messaging:Redelivery:Delays:1", "00:00:00.300"));
        var before = DateTimeOffset.UtcNow;
        await service.Publish(new Job(_order));

        var (first, second) = (await Take(broker), await Take(broker));
        Assert.Equal((_order, Service.Queue, 0, RepetitionCause.Failed, 1), (first.OrderId, first.Endpoint, first.Replay, first.Cause, first.Retries));
        Assert.Equal(("urn:message:OrderSample.Messaging.Tests.Running:Job", "System.TimeoutException", "Too slow."), (first.MessageType, first.ExceptionType, first.ExceptionMessage));
        Assert.InRange(first.At, before, DateTimeOffset.UtcNow);
        Assert.Equal([TimeSpan.FromSeconds(0.2)], first.Delays);
        Assert.Equal(first.At + TimeSpan.FromSeconds(0.2), first.NextAt);
        Assert.Equal([TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.3)], second.Delays);
        Assert.Equal(first.MessageId, second.MessageId);

        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job to be done");
        Assert.Equal(0u, await broker.Count(Reports));
    }

    [Fact]
    public async Task When_what_it_needs_is_away_without_a_delay_of_its_own()
    {
        var attempts = 0;
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var service = await Service.Start(place,
            _ => Interlocked.Increment(ref attempts) == 1 ? throw new DependencyAwayException("The mail server is away.") : Task.CompletedTask,
            ("Messaging:Retry:Limit", "0"), ("Messaging:Redelivery:Delays:0", "00:00:00.200"));
        await service.Publish(new Job(_order));

        var report = await Take(broker);
        Assert.Equal((RepetitionCause.DependencyAway, "The mail server is away."), (report.Cause, report.ExceptionMessage));
        Assert.Empty(report.Delays);
        Assert.Equal(report.At + TimeSpan.FromSeconds(0.2), report.NextAt);
    }

    [Fact]
    public async Task When_the_connection_was_lost_in_mid_work_and_the_second_delivery_is_handled()
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, _ =>
        {
            begun.TrySetResult();
            return goOn.Task;
        });
        await service.Publish(new Job(_order));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await place.CutConnections();
        goOn.SetResult();

        await using var broker = await RawBroker.Connect(place);
        var report = await Take(broker);
        Assert.Equal((_order, RepetitionCause.Unacknowledged, 2), (report.OrderId, report.Cause, report.Deliveries));
        Assert.Null(report.NextAt);
        Assert.Equal(1, await service.Query(x => x.DoneJobs.CountAsync()));
    }

    /// <summary>As when the broker does not take it: nothing waits for a report.</summary>
    [Fact]
    public async Task When_the_report_can_not_be_sent_the_message_is_redelivered_all_the_same()
    {
        var attempts = 0;
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var service = await Service.Start(place, _ => Interlocked.Increment(ref attempts) == 1 ? throw new TransientFailureException("Not yet.") : Task.CompletedTask,
            ("Messaging:Retry:Limit", "0"), ("Messaging:Redelivery:Delays:0", "00:00:00.200"));
        using var never = new NeverSent();
        service.Services.GetRequiredService<IBus>().ConnectSendObserver(never);
        await service.Publish(new Job(_order));

        await never.Reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job to be done");
        Assert.Equal(0u, await broker.Count(Reports));
    }

    [Fact]
    public async Task When_nobody_takes_the_reports_the_oldest_of_them_go()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place);

        var queue = Assert.Single((await BrokerObjects.Of(place)).Queues, queue => queue.Name == Reports);
        Assert.Contains("\"x-max-length\":10000", queue.Arguments, StringComparison.Ordinal);
        Assert.Contains("\"x-overflow\":\"drop-head\"", queue.Arguments, StringComparison.Ordinal);
        Assert.Contains("\"x-message-ttl\":3600000", queue.Arguments, StringComparison.Ordinal);
    }

    private static async Task<RepeatedDelivery> Take(RawBroker broker)
    {
        var report = await broker.Take(Reports);
        return JsonDocument.Parse(report.Body).RootElement.GetProperty("message").Deserialize<RepeatedDelivery>(Json)!;
    }

    /// <summary>Holds every report until the test is over.</summary>
    private sealed class NeverSent : ISendObserver, IDisposable
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task PreSend<T>(SendContext<T> context)
            where T : class
        {
            if (context.Message is not RepeatedDelivery)
                return Task.CompletedTask;
            Reached.TrySetResult();
            return _over.Task;
        }

        public Task PostSend<T>(SendContext<T> context)
            where T : class => Task.CompletedTask;

        public Task SendFault<T>(SendContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        public void Dispose() => _over.TrySetCanceled();
    }
}
