using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.ReadingOrders;
using OrderSample.ServiceDefaults.Http;
using Xunit.Abstractions;

namespace OrderSample.Services.RealServers.Tests.Orders;

/// <summary>
/// Each kind of search looks at few rows of many, because an index answers it. The database's own plan says so; how long it
/// takes decides nothing.
/// </summary>
[Collection(ServersCollection.Name)]
public sealed class OneOfManyOrdersIsFound(ManyStoredOrders orders, ITestOutputHelper output) : IClassFixture<ManyStoredOrders>
{
    private const int PageSize = 50;
    private const string Counts = "counts";

    private const double MostCost = 10_000;

    // However many orders there are: the rarer a match, the further back to look for enough of them, until its own index is the shorter way.
    private const double MostRows = 20_000;
    private const double MostRowsCounted = 60_000;

    // 100,000 of a state and no more, however many are completed, and what is passed over on the way.
    private const double MostRowsOfState = 110_000;
    private const double MostCostOfState = 20_000;

    public static TheoryData<string, string> Rare => new()
    {
        { ManyStoredOrders.RareName, "IX_Orders_SearchName" },
        { ManyStoredOrders.RareEmail, "IX_Orders_SearchEmail" },
        { ManyStoredOrders.RareSku, "PK_OrderedSkus" },
        { ManyStoredOrders.RareId[..8], "PK_Orders" },
        { ManyStoredOrders.RareId, "PK_Orders" },
        { ManyStoredOrders.RarePayment, "PK_Payments" },
        { ManyStoredOrders.RareReason, "IX_OrderStates_SearchReason" },
    };

    public static TheoryData<string, string?> Common => new()
    {
        { ManyStoredOrders.CommonName, null },
        { ManyStoredOrders.CommonEmail, null },
        { ManyStoredOrders.CommonSku, null },
        { ManyStoredOrders.CommonId, null },
        { ManyStoredOrders.CommonReason, null },
        { ManyStoredOrders.CommonSku, "Cancelled" },
        { ManyStoredOrders.CommonName, "Rejected" },
    };

    [Theory]
    [MemberData(nameof(Rare))]
    public async Task When_few_match_by_the_index_of_what_is_searched_for(string search, string index)
    {
        foreach (var plan in await Plans(search, null))
        {
            Assert.Contains(index, plan.Indexes);
            AssertCheap(plan);
        }
    }

    [Theory]
    [MemberData(nameof(Common))]
    public async Task When_many_match_by_looking_at_the_newest(string search, string? status) => Assert.All(await Plans(search, status), AssertCheap);

    [Theory]
    [InlineData(null)]
    [InlineData("Submitted")]
    [InlineData("Completed")]
    [InlineData("Rejected")]
    public async Task When_nothing_is_searched_for(string? status) => Assert.All(await Plans(null, status), AssertCheap);

    /// <summary>What is known of ids is some of them in their sequence. Of ids that begin alike on either side of one of these it is guessed that they are as many as between two.</summary>
    [Fact]
    public async Task When_ids_begin_as_one_does_that_the_statistics_have()
    {
        await using var context = orders.Open();
        var ids = await context.Database.SqlQuery<string>($"""
            SELECT id::text AS "Value" FROM pg_stats, unnest(histogram_bounds::text::uuid[]) AS id WHERE tablename = 'Orders' AND attname = 'OrderId'
            """).ToListAsync();
        Assert.All(await Plans(ids[ids.Count / 2][..3], null), AssertCheap);
    }

    [Fact]
    public async Task When_nothing_matches() => Assert.All(await Plans("nobody at all", null), AssertCheap);

    [Fact]
    public async Task Counts_and_totals_of_all_states_by_indexes()
    {
        await using var context = orders.Open();
        var plan = await QueryPlan.Of("totals", CountOrders.CountEach(context, Filter(null, null, null, null)));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cost {plan.Cost:0} rows {plan.Rows:0} {string.Join(' ', plan.Indexes)}"));

        Assert.Contains("IX_OrderStates_CurrentState_SubmittedAt_CorrelationId", plan.Indexes);
        Assert.Empty(plan.ScannedTables);
        Assert.InRange(plan.Cost, 0, MostCostOfState);
        Assert.InRange(plan.Rows, 0, MostRowsOfState);
    }

    private static void AssertCheap(QueryPlan plan)
    {
        Assert.Empty(plan.ScannedTables);
        Assert.InRange(plan.Cost, 0, MostCost);
        Assert.InRange(plan.Rows, 0, plan.Name == Counts ? MostRowsCounted : MostRows);
    }

    /// <summary>The plans for a page, for the page of a time range, and for the counts.</summary>
    private async Task<IReadOnlyList<QueryPlan>> Plans(string? search, string? status)
    {
        await using var context = orders.Open();
        var all = Filter(search, status, null, null);
        var day = Filter(search, status, ManyStoredOrders.At(ManyStoredOrders.Count / 2), ManyStoredOrders.At(ManyStoredOrders.Count / 2 + 20_000));
        (string Name, IQueryable Query)[] queries =
        [
            ("page", ListOrders.Query(context, all, null, PageSize + 1)),
            ("page of a range", ListOrders.Query(context, day, null, PageSize + 1)),
            ("later page", ListOrders.Query(context, all, (ManyStoredOrders.At(ManyStoredOrders.Count / 3), Guid.Empty), PageSize + 1)),
            .. status is null ? [(Counts, CountOrders.CountFound(context, all))] : Array.Empty<(string, IQueryable)>(),
        ];
        var plans = new List<QueryPlan>();
        foreach (var (name, query) in queries)
        {
            var plan = await QueryPlan.Of(name, query);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{search,-36} {status,-10} {name,-16} cost {plan.Cost,8:0} rows {plan.Rows,8:0} {string.Join(' ', plan.Indexes.Order())}"));
            plans.Add(plan);
        }

        return plans;
    }

    private static OrderFilter Filter(string? search, string? status, DateTimeOffset? from, DateTimeOffset? to)
    {
        var errors = new ValidationErrors();
        var filter = OrderFilter.Parse(status, search, from?.ToString("O"), to?.ToString("O"), errors);
        Assert.True(errors.None, JsonSerializer.Serialize(errors.ByField));
        return filter;
    }
}
