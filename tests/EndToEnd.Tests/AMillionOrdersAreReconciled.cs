using System.Diagnostics;
using OrderSample.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.EndToEnd.Tests;

/// <summary>What a run costs is a matter of what it looks at, not of how much lies behind it.</summary>
/// <remarks>Compared with a second system, which has few orders and nothing else to do: run by run in turns, so that both have the same machine.</remarks>
[Collection(SystemCollection.Name)]
public sealed class AMillionOrdersAreReconciled(OrderSystem system, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Newest = 10_000;
    private const int Few = 20_000;
    private const int Many = 1_000_000;
    private const int Rounds = 5;
    private const long MostMemory = 200L * 1024 * 1024;

    private readonly OrderSystem _small = new();

    public Task InitializeAsync() => _small.InitializeAsync();

    public Task DisposeAsync() => _small.DisposeAsync();

    [Fact]
    public async Task A_run_over_the_newest_looks_at_them_alone_and_takes_little_memory()
    {
        // Longer ago than runs look back, so that those of other tests don't look at these.
        var newestSince = DateTimeOffset.UtcNow.AddDays(-3);
        await Task.WhenAll(Generate(_small, Few, newestSince), Generate(system, Many, newestSince));
        using var service = Process.GetProcessById(await system.ProcessId("order-service"));
        var before = service.WorkingSet64;

        // The first run of each warms up.
        await Run(_small, newestSince);
        await Run(system, newestSince);
        var (withFew, withMany) = (new List<double>(), new List<double>());
        for (var i = 0; i < Rounds; i++)
        {
            withFew.Add(await Run(_small, newestSince));
            withMany.Add(await Run(system, newestSince));
        }

        service.Refresh();
        var growth = service.WorkingSet64 - before;

        // Times are for the reader: what else the machine does must not decide a test.
        output.WriteLine($"Milliseconds for 1,000 of the newest {Newest}, median of {Rounds}: {Median(withFew):0} of {Few} orders, {Median(withMany):0} of {Many}, "
            + $"ratio {Median(withMany) / Median(withFew):0.00}; memory grew by {growth / 1024 / 1024} MB.");
        Assert.InRange(growth, long.MinValue, MostMemory);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    /// <returns>Milliseconds for each 1,000 orders that the run looked at.</returns>
    private static async Task<double> Run(OrderSystem where, DateTimeOffset from)
    {
        var (run, found) = await new ReconciliationApi(where).Run(from);
        Assert.InRange(run.Orders, Newest, 2 * Newest);
        Assert.InRange(run.Reservations, Newest, 2 * Newest);
        // What is generated has nothing wrong with it; orders of other tests are none of this one's business.
        Assert.DoesNotContain(found, x => x.OrderId.ToString().StartsWith("00000000-", StringComparison.Ordinal));
        return (run.FinishedAt!.Value - run.StartedAt).TotalMilliseconds / run.Orders * 1_000;
    }

    /// <summary>Orders of long ago, and the newest ones.</summary>
    private static async Task Generate(OrderSystem where, int count, DateTimeOffset newestSince)
    {
        await Generate(where, 1, count - Newest, newestSince.AddDays(-300));
        await Generate(where, count - Newest + 1, count, newestSince.AddMinutes(1));
        foreach (var (database, table) in new[] { ("orders-db", "OrderStates"), ("inventory-db", "Reservations"), ("notifications-db", "Notifications") })
            await where.Sql(database, $"""ANALYZE "{table}" """);
    }

    /// <summary>Completed orders in all three ledgers, a millisecond apart.</summary>
    private static async Task Generate(OrderSystem where, int first, int last, DateTimeOffset since) =>
        await Task.WhenAll(OldOrders.Inserts.Select(insert => where.Sql(insert.Database, insert.Sql, first, last, since)));
}
