using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;

namespace OrderSample.Services.RealServers.Tests.Orders;

/// <summary>An order service's database with many orders, a second apart. Of each value that can be searched for there is one that many have and one that few have.</summary>
/// <remarks>A million of them have the same plans, and take two minutes to store.</remarks>
public sealed class ManyStoredOrders(TestServers servers) : IAsyncLifetime
{
    /// <summary>How many.</summary>
    public const int Count = 200_000;

    public const string CommonName = "ada";
    public const string CommonEmail = "orders@";
    public const string CommonSku = "kettle";
    public const string CommonId = "0190";
    public const string CommonReason = "not paid";

    public const string RareName = "customer 123457";
    public const string RareEmail = "customer123457@";
    public const string RareSku = "signed-poster";
    public const string RareReason = "short of";

    // Of the order of customer 123457.
    public const string RareId = "f1887d3f-9e6e-e7a3-2fe5-e76f4ab80d63";
    public const string RarePayment = "44d40bbf-4b56-44cf-abab-5244d9917e3b";

    // Half of the ids begin with the same digits, as ids do that begin with the time.
    private const string Id = "(CASE n % 2 WHEN 0 THEN '0190' || substr(md5(n::text), 5) ELSE md5(n::text) END)::uuid";
    private const string All = "generate_series(1, 200000) AS n";
    private const string Time = "'2026-01-01Z'::timestamptz + n * interval '1 second'";

    private const string Customer = """
        CASE n % 2 WHEN 0 THEN '{"name":"Ada Lovelace","email":"orders@example.com"}'
        ELSE format('{"name":"Customer %s","email":"customer%s@example.org"}', n, n) END::jsonb
        """;

    private const string Sku = "CASE n % 20000 WHEN 0 THEN 'signed-poster' ELSE 'kettle' END";
    private const string State = "CASE WHEN n % 20000 = 0 THEN 'Rejected' WHEN n % 50 = 0 THEN 'Cancelled' ELSE 'Completed' END";
    private const string Reason = "CASE WHEN n % 20000 = 0 THEN 'Short of SIGNED-POSTER' WHEN n % 50 = 0 THEN 'Not paid in time.' END";

    /// <summary>Foreign keys are not checked: that would take longer than all the rest. What autovacuum does meanwhile would change plans from run to run.</summary>
    private const string Fill = $$"""
        SET session_replication_role = replica;
        ALTER TABLE "Orders" SET (autovacuum_enabled = off);
        ALTER TABLE "OrderedSkus" SET (autovacuum_enabled = off);
        ALTER TABLE "OrderStates" SET (autovacuum_enabled = off);
        ALTER TABLE "Payments" SET (autovacuum_enabled = off);
        INSERT INTO "Orders" ("OrderId", "Customer", "Lines", "Total", "SubmittedAt")
        SELECT {{Id}}, {{Customer}}, '[]', 1, {{Time}} FROM {{All}};
        INSERT INTO "OrderedSkus" ("Sku", "SubmittedAt", "OrderId")
        SELECT {{Sku}}, {{Time}}, {{Id}} FROM {{All}};
        INSERT INTO "OrderStates" ("CorrelationId", "CurrentState", "Customer", "Lines", "Total", "CancelAtOnce", "Resends", "Refunds", "SubmittedAt", "UpdatedAt", "InStateSince", "TimelineNewestFirst", "Reason")
        SELECT {{Id}}, {{State}}, '{"name":"Ada","email":"ada@example.com"}', '[]', 1, false, 0, '[]', {{Time}}, {{Time}}, {{Time}}, '[]', {{Reason}} FROM {{All}};
        INSERT INTO "Payments" ("PaymentId", "OrderId", "Amount", "ReceivedAt")
        SELECT md5('payment' || n)::uuid, {{Id}}, 1, {{Time}} FROM {{All}};
        SET session_replication_role = DEFAULT;
        ANALYZE "Orders", "OrderedSkus", "OrderStates", "Payments"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private Place? _place;

    /// <summary>When an order was placed.</summary>
    /// <param name="number">The first one's is 1.</param>
    public static DateTimeOffset At(int number) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(number);

    /// <summary>Opens it.</summary>
    public PostgresOrderDbContext Open() => new(new DbContextOptionsBuilder<PostgresOrderDbContext>().UseDatabaseOf(_place!).Options);

    public async Task InitializeAsync()
    {
        _place = await servers.NewPlace();
        await using var context = Open();
        context.Database.SetCommandTimeout(Patience);
        await context.Database.MigrateAsync();
        await context.Database.ExecuteSqlRawAsync(Fill.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
    }

    /// <summary>The other tests of this run are not to share their disk with it.</summary>
    public async Task DisposeAsync()
    {
        await using var context = Open();
        context.Database.SetCommandTimeout(Patience);
        await context.Database.ExecuteSqlRawAsync("""TRUNCATE "Orders", "OrderedSkus", "OrderStates", "Payments", "Refunds" CASCADE""");
    }
}
