using Npgsql;
using OrderSample.Cluster.Tests.Running;

namespace OrderSample.Cluster.Tests;

[Collection(ReplicatedCollection.Name)]
public sealed class ReconciliationIsTakenOver(ReplicatedSystem system)
{
    private const int OldOrders = 3_000;
    private const int Damaged = 6;
    private const int InMidRun = 1_000;
    private const long Gate = 4712;
    private static readonly DateTimeOffset LongAgo = DateTimeOffset.UtcNow.AddDays(-300);

    /// <summary>The replica that is at work on the run waits at a gate in the database, in its transaction, and is killed there.</summary>
    [Fact]
    public Task When_the_replica_that_runs_it_is_killed_in_mid_run_the_other_one_finishes_it_and_reports_nothing_twice() => IsTakenOver(async (replica, process) =>
    {
        await system.KillReplica(replica, process);
        return async run =>
        {
            var report = await new ReconciliationApi(system).Ends(run);
            await system.StartReplica(replica);
            return report;
        };
    });

    /// <summary>It hangs at the gate. The gate opens, and the transaction is the server's to end. When the replica goes on, the run is another one's.</summary>
    [Fact]
    public Task When_it_hangs_there_too_and_what_it_does_when_it_goes_on_changes_nothing() => IsTakenOver(async (_, process) =>
    {
        var frozen = BrokerCluster.Freeze(process);
        return async run =>
        {
            // Asked over HTTP it might be the frozen one that is asked.
            await using (frozen)
            {
                await system.Eventually("the other one to finish the run", _ => system.SqlValue<long>("orders-db",
                    """SELECT count(*) FROM "ReconciliationRuns" WHERE "RunId" = $1 AND "FinishedAt" IS NOT NULL""", Guid.Parse(run.OriginalString.Split('/')[^1])), count => count == 1);
            }

            return await new ReconciliationApi(system).Ends(run);
        };
    });

    /// <param name="fail">Has a replica fail, given its id and process, and returns what waits for the run, makes the replica work again, and reads the report.</param>
    private async Task IsTakenOver(Func<string, int, Task<Func<Uri, Task<RunView>>>> fail)
    {
        if (await system.SqlValue<long>("orders-db", """SELECT count(*) FROM "OrderStates" WHERE "SubmittedAt" <= $1""", LongAgo) == 0)
        {
            foreach (var (database, sql) in EndToEnd.Tests.Running.OldOrders.Inserts)
                await system.Sql(database, sql, 1, OldOrders, LongAgo);
        }

        // Services that have just started don't know yet how long their queues have been empty, and nothing is judged.
        var reconciliation = new ReconciliationApi(system);
        var last = Assert.Single(await Damage(first: OldOrders));
        await system.Eventually("a run to judge", _ => reconciliation.Run(LongAgo), view => view.Discrepancies.Any(x => x.OrderId == last));
        await system.Notifications.MustBe(last, "OrderCompleted");
        // One in each page, of a completed order's mail.
        var damaged = await Damage(first: 1);
        Assert.Equal(Damaged, damaged.Count);

        await using var gate = await system.OpenDatabase("orders-db");
        await Run(gate, $"SELECT pg_advisory_lock({Gate})");
        await system.Sql("orders-db", $"""
            CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
                IF NEW."Orders" >= {InMidRun} THEN PERFORM pg_advisory_xact_lock_shared({Gate}); END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER gate BEFORE UPDATE ON "ReconciliationRuns" FOR EACH ROW EXECUTE FUNCTION wait_at_gate();
            """);
        Func<Uri, Task<RunView>> end;
        Uri run;
        try
        {
            run = await reconciliation.Start(from: LongAgo);
            var owner = LocalConnections.ProcessAt(gate, await system.Eventually("a replica to wait at the gate", _ => Run(gate, """
                SELECT client_port FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE locktype = 'advisory' AND NOT granted LIMIT 1
                """), port => port > 0));
            var replicas = await system.Running("order-service", replicas: 2);
            Assert.Contains(owner, replicas.Values);
            end = await fail(replicas.Single(replica => replica.Value == owner).Key, owner);
        }
        finally
        {
            await Run(gate, $"SELECT pg_advisory_unlock({Gate})");
            await system.Sql("orders-db", """DROP TRIGGER gate ON "ReconciliationRuns"; DROP FUNCTION wait_at_gate();""");
        }

        var report = await end(run);
        Assert.Equal(damaged.Select(order => $"NotificationMissing of {order}: PublishEvents").Order(StringComparer.Ordinal),
            report.Discrepancies.Select(x => $"{x.Kind} of {x.OrderId}: {x.Repair}").Order(StringComparer.Ordinal));
        // Other tests have placed orders here, too.
        var all = (int)await system.SqlValue<long>("orders-db", """SELECT count(*) FROM "OrderStates" """);
        Assert.Equal((all, Damaged, Damaged), (report.Run.Orders, report.Run.Found, report.Run.Repaired));
        foreach (var order in damaged)
            await system.Notifications.MustBe(order, "OrderCompleted");
        // Now that the mails have come: nothing is left, and whoever went on has damaged nothing.
        Assert.Equal(0, (await reconciliation.Run(LongAgo)).Run.Found);
    }

    /// <summary>Deletes the mail of an old order, and of one in each further page.</summary>
    private Task<List<Guid>> Damage(int first) => system.Read("notifications-db", $"""
        DELETE FROM "Notifications" WHERE "Channel" = 'Email' AND "OrderId" IN (
            SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid FROM generate_series($1, {OldOrders}, {OldOrders / Damaged}) AS n) RETURNING "OrderId"
        """, row => row.GetGuid(0), first);

    /// <returns>The first column of the first row, 0 when there is none.</returns>
    private static async Task<int> Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as int? ?? 0;
    }
}
