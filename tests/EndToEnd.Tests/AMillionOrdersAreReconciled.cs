using System.Diagnostics;
using OrderSample.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.EndToEnd.Tests;

/// <summary>What a run costs is a matter of what it looks at, not of how much lies behind it.</summary>
[Collection(SystemCollection.Name)]
public sealed class AMillionOrdersAreReconciled(OrderSystem system, ITestOutputHelper output)
{
    private const int Newest = 10_000;
    private const int Few = 20_000;
    private const int Many = 1_000_000;
    private const int Attempts = 3;
    private const long MostMemory = 200L * 1024 * 1024;

    private readonly ReconciliationApi _reconciliation = new(system);

    [Fact]
    public async Task A_run_over_the_newest_looks_at_them_alone_and_takes_little_memory()
    {
        // Longer ago than runs look back, so that those of other tests don't look at these.
        var newestSince = DateTimeOffset.UtcNow.AddDays(-3);
        await Generate(1, Few - Newest, newestSince.AddDays(-400));
        await Generate(Many + 1, Many + Newest, newestSince.AddMinutes(1));
        using var service = Process.GetProcessById(await system.ProcessId("order-service"));
        var before = service.WorkingSet64;
        var withFew = await FastestRun(newestSince);

        await Generate(Few - Newest + 1, Many - Newest, newestSince.AddDays(-300));
        var withMany = await FastestRun(newestSince);
        service.Refresh();
        var growth = service.WorkingSet64 - before;

        // Times are for the reader: what else the machine does must not decide a test.
        output.WriteLine($"The newest {Newest}: {withFew.TotalMilliseconds:0} ms of {Few}, {withMany.TotalMilliseconds:0} ms of {Many}; memory grew by {growth / 1024 / 1024} MB.");
        Assert.InRange(growth, long.MinValue, MostMemory);
    }

    /// <summary>The fastest of several, because the machine does other things as well.</summary>
    private async Task<TimeSpan> FastestRun(DateTimeOffset from)
    {
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < Attempts; i++)
        {
            var (run, found) = await _reconciliation.Run(from);
            Assert.InRange(run.Orders, Newest, 2 * Newest);
            Assert.InRange(run.Reservations, Newest, 2 * Newest);
            // What is generated has nothing wrong with it; orders of other tests are none of this one's business.
            Assert.DoesNotContain(found, x => x.OrderId.ToString().StartsWith("00000000-", StringComparison.Ordinal));
            var took = run.FinishedAt!.Value - run.StartedAt;
            fastest = took < fastest ? took : fastest;
        }

        return fastest;
    }

    /// <summary>Completed orders in all three ledgers, a millisecond apart.</summary>
    private async Task Generate(int first, int last, DateTimeOffset since)
    {
        const string Id = "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";
        const string At = "$3 + (n - $1) * interval '1 millisecond'";
        const string Rows = "FROM generate_series($1, $2) AS n";
        object[] parameters = [first, last, since];
        await Task.WhenAll(
            system.Sql("orders-db", $$"""
                INSERT INTO "OrderStates" ("CorrelationId", "CurrentState", "Customer", "Lines", "Total", "CancelAtOnce", "Resends", "SubmittedAt", "UpdatedAt", "Timeline")
                SELECT {{Id}}, 'Completed', '{"name":"Ada","email":"ada@example.com"}', '[{"sku":"KETTLE","quantity":1}]', 1, false, 0, {{At}}, {{At}}, '[]' {{Rows}}
                """, parameters),
            system.Sql("inventory-db", $$"""
                INSERT INTO "Reservations" ("OrderId", "Status", "Lines", "Shortages", "CreatedAt", "UpdatedAt")
                SELECT {{Id}}, 'Committed', '[{"sku":"KETTLE","quantity":1}]', '[]', {{At}}, {{At}} {{Rows}}
                """, parameters),
            system.Sql("notifications-db", $$"""
                INSERT INTO "Notifications" ("OrderId", "Kind", "Channel", "Status", "Attempts", "SentAt", "CreatedAt")
                SELECT {{Id}}, 'OrderCompleted', channel, 'Sent', 1, {{At}}, {{At}} {{Rows}}, (VALUES ('Email'), ('Sms')) AS channels(channel)
                """, parameters));
    }
}
