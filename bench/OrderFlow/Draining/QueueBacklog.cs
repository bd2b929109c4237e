using System.Diagnostics;
using System.Text;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;
using RabbitMQ.Client;

namespace OrderSample.Bench.Draining;

/// <summary>What a queue does that filled while its service was down: memory of the broker, and how fast the service works it off.</summary>
internal static class QueueBacklog
{
    private const string Service = "notification-service";
    private const string Queue = "notification-sms";
    private const int InFlight = 1_000;

    public static async Task<Report> Run(BenchOptions options, CancellationToken cancellationToken)
    {
        var startedAt = DateTimeOffset.UtcNow;
        await using var systems = await Systems.Start(options, cancellationToken, token => RealSystem.Start(RealSystem.Name, token));
        return new Report(systems.Machine, startedAt,
            await Turns.Measure("backlog", 1, systems.All, system => Measure(system, options, cancellationToken), cancellationToken));
    }

    private static async Task<IReadOnlyList<Reading>> Measure(SystemUnderTest system, BenchOptions options, CancellationToken cancellationToken)
    {
        var broker = await system.ProcessOf(SystemUnderTest.Broker, cancellationToken);
        var memoryBefore = broker.Memory();
        await system.Stop(Service, cancellationToken);
        await using var queue = await CountedQueue.Open(new Uri(await system.AddressOf(SystemUnderTest.Broker, cancellationToken)), Queue, cancellationToken);
        await Fill(queue.Channel, options.Backlog, cancellationToken);
        var memoryFull = broker.Memory();

        await system.StartAgain(Service, cancellationToken);
        // Not all of it: the rate is the same at the end as at the beginning, and nobody wants to wait for it.
        var (begin, first) = await queue.Until(count => count < options.Backlog * 0.99, cancellationToken);
        await Task.Delay(options.Time, cancellationToken);
        var (end, last) = await queue.Until(_ => true, cancellationToken);
        return
        [
            new("drained", "messages/s", (first - last) / Stopwatch.GetElapsedTime(begin, end).TotalSeconds),
            new("memory, broker, before", "MiB", memoryBefore),
            new($"memory, broker, {options.Backlog:N0} messages", "MiB", memoryFull),
            new($"peak memory, {Service}", "MiB", (await system.ProcessOf(Service, cancellationToken)).PeakMemory()),
        ];
    }

    private static async Task Fill(IChannel channel, int count, CancellationToken cancellationToken)
    {
        Progress.Say($"filling {Queue} with {count:N0} messages ...");
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken }, async (_, token) =>
        {
            var properties = new BasicProperties { Persistent = true, MessageId = Guid.NewGuid().ToString(), ContentType = "application/vnd.masstransit+json" };
            await channel.BasicPublishAsync(Queue, "", mandatory: true, properties, Message(Guid.NewGuid()), token);
        });
    }

    /// <summary>An event in MassTransit's envelope, as the order service sends it.</summary>
    private static byte[] Message(Guid orderId) => Encoding.UTF8.GetBytes($$"""
        {"messageId":"{{Guid.NewGuid()}}","conversationId":"{{Guid.NewGuid()}}","messageType":["urn:message:OrderSample.Contracts.Ordering.Events:OrderReserved"],
        "message":{"orderId":"{{orderId}}","customer":{"name":"Ada Lovelace","email":"ada@example.com","phone":"+49 30 1234567"},"total":25.00},"sentTime":"2026-01-01T00:00:00Z"}
        """);
}
