using System.Diagnostics;
using OrderSample.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.EndToEnd.Tests;

/// <summary>What a run costs is a matter of what it looks at, not of how much lies behind it.</summary>
[Collection(ImpatientSystemCollection.Name)]
public sealed class AMillionOrdersAreReconciled(ImpatientSystem system, ITestOutputHelper output)
{
    private const int Newest = 10_000;
    private const int Many = 1_000_000;
    private const int Rounds = 5;
    private const long MostMemory = 200L * 1024 * 1024;

    [Fact]
    public async Task A_run_over_the_newest_looks_at_them_alone_and_takes_little_memory()
    {
        // Longer ago than runs look back, so that those of other tests don't look at these.
        var newestSince = DateTimeOffset.UtcNow.AddDays(-3);
        await Generate(Many - Newest + 1, Many, newestSince.AddMinutes(1));
        using var service = Process.GetProcessById(await system.ProcessId("order-service"));
        var before = service.WorkingSet64;
        var withFew = await MedianOfRuns(newestSince);
        await Generate(1, Many - Newest, newestSince.AddDays(-300));
        var withMany = await MedianOfRuns(newestSince);
        service.Refresh();
        var growth = service.WorkingSet64 - before;

        // Times are for the reader: what else the machine does must not decide a test.
        output.WriteLine($"Milliseconds for 1,000 of the newest {Newest}, median of {Rounds}: {withFew:0} when there are no others, {withMany:0} of {Many}, "
            + $"ratio {withMany / withFew:0.00}; memory grew by {growth / 1024 / 1024} MB.");
        Assert.InRange(growth, long.MinValue, MostMemory);
    }

    private async Task<double> MedianOfRuns(DateTimeOffset from)
    {
        // The first one warms up.
        await Run(from);
        var times = new List<double>();
        for (var i = 0; i < Rounds; i++)
            times.Add(await Run(from));
        return times.Order().ElementAt(Rounds / 2);
    }

    /// <returns>Milliseconds for each 1,000 orders that the run looked at.</returns>
    private async Task<double> Run(DateTimeOffset from)
    {
        var (run, found) = await new ReconciliationApi(system).Run(from);
        Assert.InRange(run.Orders, Newest, 2 * Newest);
        Assert.InRange(run.Reservations, Newest, 2 * Newest);
        // What is generated has nothing wrong with it; orders of other tests are none of this one's business.
        Assert.DoesNotContain(found, x => x.OrderId.ToString().StartsWith("00000000-", StringComparison.Ordinal));
        return (run.FinishedAt!.Value - run.StartedAt).TotalMilliseconds / run.Orders * 1_000;
    }

    /// <summary>Completed orders in all three ledgers, a millisecond apart.</summary>
    private async Task Generate(int first, int last, DateTimeOffset since)
    {
        await Task.WhenAll(OldOrders.Inserts.Select(insert => system.Sql(insert.Database, insert.Sql, first, last, since)));
        foreach (var (database, table) in new[] { ("orders-db", "OrderStates"), ("inventory-db", "Reservations"), ("notifications-db", "Notifications") })
            await system.Sql(database, $"""ANALYZE "{table}" """);
    }
}
