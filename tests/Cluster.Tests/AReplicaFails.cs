using OrderSample.Cluster.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.Cluster.Tests;

[Collection(ReplicatedCollection.Name)]
public sealed class AReplicaFails(ReplicatedSystem system, ITestOutputHelper output)
{
    private static readonly TimeSpan Hangs = TimeSpan.FromSeconds(20);

    /// <summary>A table that each service writes in the transaction of a message.</summary>
    private static readonly (string Database, string Table)[] Written = [("inventory-db", "Products"), ("orders-db", "OrderStates"), ("notifications-db", "Notifications")];

    private static readonly string[] Services = ["order-service", "inventory-service", "notification-service"];

    [Fact]
    public Task When_one_of_two_is_killed_of_each_service_in_the_middle_of_500_orders_every_order_completes() =>
        system.SteadyOrdersSurvive(output, 500, pace: TimeSpan.FromMilliseconds(40), async () =>
        {
            var killed = new List<string>();
            foreach (var service in Services)
            {
                var (id, process) = (await system.Running(service, replicas: 2)).First();
                await system.KillReplica(id, process);
                killed.Add(id);
            }

            await Task.WhenAll(killed.Select(system.StartReplica));
        });

    /// <summary>In the middle of their work: each transaction that was open is done again, and what it had done is undone.</summary>
    [Fact]
    public Task When_all_connections_to_the_databases_are_cut_in_the_middle_of_500_orders_every_order_completes() =>
        system.SteadyOrdersSurvive(output, 500, pace: TimeSpan.FromMilliseconds(40), async () =>
        {
            foreach (var (database, _) in Written)
            {
                // Not those of the test, which asks how far the orders are.
                var cut = await system.SqlValue<long>(database, """
                    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user
                    """);
                Assert.True(cut > 0, $"Nobody was connected to {database}.");
            }
        });

    /// <summary>All orders are for one product, whose row the one of the inventory holds.</summary>
    [Fact]
    public Task When_one_of_two_hangs_of_each_service_in_the_middle_of_a_transaction_every_order_completes_and_nothing_is_done_twice() =>
        system.SteadyOrdersSurvive(output, 300, pace: TimeSpan.FromMilliseconds(80), async () =>
        {
            using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
            var hanging = new List<IAsyncDisposable>();
            try
            {
                foreach (var (database, table) in Written)
                {
                    await using var connection = await system.OpenDatabase(database);
                    await Hanging.InTransaction(connection, table, process =>
                    {
                        hanging.Add(BrokerCluster.Freeze(process));
                        return Task.CompletedTask;
                    }, timeout.Token);
                }

                await Task.Delay(Hangs, timeout.Token);
            }
            finally
            {
                foreach (var process in hanging)
                    await process.DisposeAsync();
            }
        });
}
