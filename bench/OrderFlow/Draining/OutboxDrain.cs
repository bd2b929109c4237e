using System.Diagnostics;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;
using RabbitMQ.Client;

namespace OrderSample.Bench.Draining;

/// <summary>How fast an outbox is emptied that filled while the broker was down, and what undeliverable messages among them change.</summary>
internal static class OutboxDrain
{
    private const string OrdersDatabase = "orders-db";
    private const string Destination = "order-bench-drain";

    /// <summary>An exchange without a queue: the broker gives back what is sent there.</summary>
    private const string Nowhere = "order-bench-nowhere";

    private static readonly TimeSpan CleaningPause = TimeSpan.FromMilliseconds(100);

    public static async Task<Report> Run(BenchOptions options, CancellationToken cancellationToken)
    {
        var startedAt = DateTimeOffset.UtcNow;
        await using var systems = await Systems.Start(options, cancellationToken, token => RealSystem.Start(RealSystem.Name, token));
        var system = systems.All.Single().Subject;
        await Declare(system, cancellationToken);
        Progress.Say("draining once, until the code is compiled ...");
        await Measure(system, options.Stored, options.Undeliverable, cancellationToken);
        (string, int)[] subjects = [($"with {options.Undeliverable:N0} undeliverable", options.Undeliverable), ("without", 0)];
        return new Report(systems.Machine, startedAt,
            await Turns.Measure("outbox", options.Rounds, subjects, undeliverable => Measure(system, options.Stored, undeliverable, cancellationToken), cancellationToken));
    }

    private static async Task<IReadOnlyList<Reading>> Measure(SystemUnderTest system, int stored, int undeliverable, CancellationToken cancellationToken)
    {
        await system.Stop(SystemUnderTest.Broker, cancellationToken);
        // One in so many goes nowhere, spread evenly over all.
        await system.Execute(OrdersDatabase, """
            INSERT INTO "OutboxMessage" ("MessageId", "EnqueueTime", "SentTime", "Attempts", "ContentType", "MessageType", "Body", "Properties", "DestinationAddress")
            SELECT gen_random_uuid(), now(), now(), 0, 'application/vnd.masstransit+json', 'urn:message:Bench', '{"filler":"' || repeat('x', 800) || '"}', '{"Mandatory":true}',
                CASE WHEN n * $2::bigint / ($1 + $2) > (n - 1) * $2::bigint / ($1 + $2) THEN $4 ELSE $3 END
            FROM generate_series(1, $1 + $2) AS n
            """, cancellationToken, stored, undeliverable, $"exchange:{Destination}", $"exchange:{Nowhere}");
        var process = await system.ProcessOf("order-service", cancellationToken);
        var processorBefore = process.ProcessorTime();
        await system.StartAgain(SystemUnderTest.Broker, cancellationToken);

        await using var queue = await CountedQueue.Open(new Uri(await system.AddressOf(SystemUnderTest.Broker, cancellationToken)), Destination, cancellationToken);
        var (begin, already) = await queue.Until(count => count > 0, cancellationToken);
        var (end, _) = await queue.Until(count => count >= stored, cancellationToken);
        var readings = new List<Reading>
        {
            new("drained", "messages/s", (stored - already) / Stopwatch.GetElapsedTime(begin, end).TotalSeconds),
            new("CPU, order-service", "ms a message", (process.ProcessorTime() - processorBefore).TotalMilliseconds / stored),
            new("memory, order-service", "MiB", process.Memory()),
        };
        await queue.Channel.QueuePurgeAsync(Destination, cancellationToken);
        // Past the rows that the service is at work on, which it would otherwise deadlock with.
        while (await system.Read<long>(OrdersDatabase, """SELECT count(*) FROM "OutboxMessage" WHERE "MessageType" = 'urn:message:Bench'""", cancellationToken) > 0)
        {
            await system.Execute(OrdersDatabase, """
                DELETE FROM "OutboxMessage" WHERE "SequenceNumber" IN (
                    SELECT "SequenceNumber" FROM "OutboxMessage" WHERE "MessageType" = 'urn:message:Bench' FOR UPDATE SKIP LOCKED)
                """, cancellationToken);
            await Task.Delay(CleaningPause, cancellationToken);
        }

        await system.Execute(OrdersDatabase, """VACUUM "OutboxMessage" """, cancellationToken);
        return readings;
    }

    private static async Task Declare(SystemUnderTest system, CancellationToken cancellationToken)
    {
        await using var queue = await CountedQueue.Open(new Uri(await system.AddressOf(SystemUnderTest.Broker, cancellationToken)), Destination, cancellationToken);
        foreach (var exchange in (string[])[Destination, Nowhere])
            await queue.Channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await queue.Channel.QueueDeclareAsync(Destination, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        await queue.Channel.QueueBindAsync(Destination, Destination, "", cancellationToken: cancellationToken);
    }
}
