using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using OrderSample.OrderService.Data;

namespace OrderSample.Services.RealServers.Tests.Orders;

/// <summary>A database of an earlier version, with orders in it, is taken over by this one, and given back.</summary>
[Collection(ServersCollection.Name)]
public sealed class ColumnsMoveWithWhatIsInThem(TestServers servers)
{
    private const string Before = "SchedulingTokensOnly";

    private static readonly Guid Old = new("0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11");
    private static readonly Guid Begun = new("7c9e6679-7425-40de-944b-e07fc1f90ae7");

    [Fact]
    public async Task The_state_and_the_timeline_of_a_saga()
    {
        await using var context = new PostgresOrderDbContext(new DbContextOptionsBuilder<PostgresOrderDbContext>().UseDatabaseOf(await servers.NewPlace()).Options);
        var migrator = context.GetService<IMigrator>();
        await migrator.MigrateAsync(Before);
        await context.Database.ExecuteSqlAsync($$"""
            INSERT INTO "OrderStates" ("CorrelationId", "CurrentState", "Customer", "Lines", "Total", "CancelAtOnce", "Resends", "Refunds", "SubmittedAt", "UpdatedAt", "InStateSince", "Timeline")
            SELECT id, state, '{"name":"Ada","email":"ada@example.com"}'::jsonb, '[]'::jsonb, 1, false, 0, '[]'::jsonb, now(), now(), now(), timeline::jsonb
            FROM (VALUES
                ({{Old}}, 'Cancelled', '[{"at":"2026-11-01T10:00:00Z","event":"OrderSubmitted"},{"at":"2026-11-01T10:00:02Z","event":"ReserveStock"},{"at":"2026-11-01T10:00:01Z","event":"WaitedInOutbox","detail":"OrderSubmitted"}]'),
                ({{Begun}}, 'Initial', '[]')) AS old(id, state, timeline)
            """);

        await migrator.MigrateAsync();

        var order = await context.OrderStates.AsNoTracking().SingleAsync(x => x.CorrelationId == Old);
        Assert.Equal(("Cancelled", "OrderSubmitted ReserveStock WaitedInOutbox"), (order.CurrentState, string.Join(' ', order.Timeline.Select(entry => entry.Event))));
        var begun = await context.OrderStates.AsNoTracking().SingleAsync(x => x.CorrelationId == Begun);
        Assert.Equal(("Initial", 0), (begun.CurrentState, begun.Timeline.Count));
        Assert.Equal(["CurrentState", "TimelineNewestFirst"], await context.Database.SqlQuery<string>($"""
            SELECT attname::text AS "Value" FROM pg_attribute WHERE attrelid = '"OrderStates"'::regclass AND NOT attisdropped ORDER BY attnum DESC LIMIT 2
            """).OrderBy(name => name).ToListAsync());

        await migrator.MigrateAsync(Before);
        Assert.Equal("OrderSubmitted ReserveStock WaitedInOutbox", await context.Database.SqlQuery<string>($"""
            SELECT string_agg(entry ->> 'event', ' ' ORDER BY place) AS "Value" FROM "OrderStates", jsonb_array_elements("Timeline") WITH ORDINALITY AS old(entry, place)
            """).SingleAsync());
    }
}
