using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderSample.Messaging.Tests.Running;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.Messaging.Tests;

[Collection(ServersCollection.Name)]
public sealed class WhatFailsIsRetriedThenRedeliveredThenKept(TestServers servers)
{
    private static readonly (string, string) NoRetries = ("Messaging:Retry:Limit", "0");

    /// <summary>Delays in seconds, each its own queue.</summary>
    private static readonly int[] Delays = [1, 2, 3, 4];

    [Fact]
    public async Task When_a_consumer_fails_four_times_the_message_comes_back_after_each_delay_and_is_handled_once()
    {
        var attempts = new ConcurrentQueue<long>();
        var seen = new ConcurrentQueue<(Guid? MessageId, Guid? ConversationId, DateTime? SentTime)>();
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, context =>
        {
            attempts.Enqueue(Stopwatch.GetTimestamp());
            seen.Enqueue((context.MessageId, context.ConversationId, context.SentTime));
            return attempts.Count <= Delays.Length ? throw new TransientFailureException("Not yet.", new TimeoutException()) : Task.CompletedTask;
        }, [NoRetries, .. Delays.Select((seconds, i) => ($"Messaging:Redelivery:Delays:{i}", $"00:00:0{seconds}"))]);

        var lag = MachineLag();
        await service.Publish(new Job(Guid.NewGuid()));
        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job to be done");

        var at = attempts.ToArray();
        Assert.Equal(Delays.Length + 1, at.Length);
        Assert.Single(seen.Distinct());
        var slow = await lag;
        Assert.All(Delays, (seconds, i) => Assert.InRange(Stopwatch.GetElapsedTime(at[i], at[i + 1]).TotalSeconds, seconds - 0.1, seconds + 1 + slow));
    }

    [Fact]
    public async Task When_a_check_refuses_a_row_that_was_made_from_old_data_the_message_is_tried_again_at_once()
    {
        var attempts = 0;
        var redelivered = false;
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, context =>
        {
            redelivered |= context.ReceiveContext.TransportHeaders.TryGetHeader("OrderSample-Redeliveries", out _);
            return Interlocked.Increment(ref attempts) == 1
                ? throw new DbUpdateException("As EF Core wraps it.", new PostgresException("made for a test", "ERROR", "ERROR", PostgresErrorCodes.CheckViolation))
                : Task.CompletedTask;
        });
        await service.Publish(new Job(Guid.NewGuid()));

        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job to be done");
        Assert.Equal(2, attempts);
        Assert.False(redelivered);
    }

    [Fact]
    public async Task When_a_fault_passes_quickly_the_message_is_tried_again_at_once_and_never_leaves_the_endpoint()
    {
        var attempts = 0;
        var redelivered = false;
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, context =>
        {
            redelivered |= context.ReceiveContext.TransportHeaders.TryGetHeader("OrderSample-Redeliveries", out _);
            return Interlocked.Increment(ref attempts) <= 3 ? throw new TransientFailureException("Not yet.", new TimeoutException()) : Task.CompletedTask;
        }, ("Messaging:Retry:Limit", "3"), ("Messaging:Redelivery:Delays:0", "00:00:01"));
        await service.Publish(new Job(Guid.NewGuid()));

        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job to be done");
        Assert.Equal(4, attempts);
        Assert.False(redelivered);
    }

    [Fact]
    public async Task When_a_consumer_always_fails_the_message_is_kept_in_the_error_queue_as_it_came()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, _ => throw new TransientFailureException("Not now.", new TimeoutException("Never.")),
            NoRetries, ("Messaging:Redelivery:Delays:0", "00:00:00.200"), ("Messaging:Redelivery:Delays:1", "00:00:00.300"));
        var order = Guid.NewGuid();
        await service.Publish(new Job(order));

        await using var broker = await RawBroker.Connect(place);
        var failed = await broker.Take("jobs_error");
        Assert.Contains(order.ToString(), failed.Text(), StringComparison.Ordinal);
        Assert.Equal(2, failed.Header("OrderSample-Redeliveries"));
        Assert.Equal("Never.", failed.Header("MT-Fault-Message"));
        Assert.Empty(await service.Query(x => x.DoneJobs.ToListAsync()));
    }

    [Fact]
    public async Task When_what_the_consumer_needs_is_away_the_message_waits_for_as_long_as_that_lasts_and_then_has_all_its_tries()
    {
        var attempts = 0;
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, _ => Interlocked.Increment(ref attempts) switch
        {
            <= 5 => throw new DependencyAwayException("The mail server is away."),
            6 => throw new TransientFailureException("Not yet."),
            _ => Task.CompletedTask,
        }, NoRetries, ("Messaging:Redelivery:Delays:0", "00:00:00.200"));
        await service.Publish(new Job(Guid.NewGuid()));

        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job to be done");
        Assert.Equal(7, attempts);
    }

    [Fact]
    public async Task When_the_message_itself_is_bad_it_goes_to_the_error_queue_at_once()
    {
        var attempts = 0;
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, _ =>
        {
            Interlocked.Increment(ref attempts);
            throw new ArgumentException("A job without a number.");
        });
        await service.Publish(new Job(Guid.NewGuid()));

        await using var broker = await RawBroker.Connect(place);
        var failed = await broker.Take("jobs_error");
        Assert.Null(failed.Header("OrderSample-Redeliveries"));
        Assert.Equal(1, attempts);
    }

    [Theory]
    [InlineData("this is no JSON", "application/vnd.masstransit+json", "jobs_error")]
    [InlineData("\0\u0001\u0002", null, "jobs_error")]
    [InlineData("""{"messageType":["urn:message:Some.Where:Else"],"message":{"text":"?"}}""", "application/vnd.masstransit+json", "jobs_skipped")]
    public async Task When_a_message_can_not_be_understood_it_is_kept_byte_for_byte(string body, string? contentType, string kept)
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place);
        await using var broker = await RawBroker.Connect(place);
        await broker.Publish(Service.Queue, body, contentType, Guid.NewGuid());

        Assert.Equal(body, (await broker.Take(kept)).Text());
        await Waiting.Until(0u, () => broker.Count(Service.Queue), "the endpoint's queue to be empty");
    }

    /// <summary>How late this machine is with a plain delay while the test runs, in seconds: no message can be quicker.</summary>
    private static async Task<double> MachineLag()
    {
        var worst = TimeSpan.Zero;
        foreach (var seconds in Delays)
        {
            var begin = Stopwatch.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            var late = Stopwatch.GetElapsedTime(begin) - TimeSpan.FromSeconds(seconds);
            worst = late > worst ? late : worst;
        }

        return worst.TotalSeconds;
    }
}
