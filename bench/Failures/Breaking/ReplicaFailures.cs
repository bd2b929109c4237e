using System.Diagnostics;
using OrderSample.Cluster.Tests.Running;
using OrderSample.Nemesis.Running;

namespace OrderSample.Failures.Breaking;

/// <summary>What happens to the services' processes, or to their databases' connections.</summary>
internal static class ReplicaFailures
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HangsFor = TimeSpan.FromSeconds(60);

    /// <summary>A table that each service writes in the transaction of a message.</summary>
    private static readonly (string Service, string Table)[] Written = [("inventory-service", "Products"), ("order-service", "OrderStates"), ("notification-service", "Notifications")];

    public static async Task Kill(Scene scene, CancellationToken cancellationToken)
    {
        var killed = new List<string>();
        scene.Timeline.Begins("one replica of each service is killed");
        foreach (var (service, _) in Written)
        {
            var (id, process) = (await scene.System.ReplicasOf(service, scene.Way.Replicas, cancellationToken)).First();
            using var running = Process.GetProcessById(process);
            running.Kill(entireProcessTree: true);
            killed.Add(id);
        }

        await Task.Delay(Away, cancellationToken);
        scene.Timeline.Note("they are started again");
        await Task.WhenAll(killed.Select(id => scene.System.StartReplica(id, cancellationToken)));
        scene.Timeline.Ends("they are healthy");
    }

    public static async Task Hang(Scene scene, CancellationToken cancellationToken)
    {
        var frozen = new List<int>();
        scene.Timeline.Begins("one replica of each service begins to hang");
        try
        {
            foreach (var (service, table) in Written)
            {
                await using var connection = await scene.Victim.Open(SystemShape.DatabaseOf[service], cancellationToken);
                await Hanging.InTransaction(connection, table, async process =>
                {
                    frozen.Add(process);
                    await Scene.Signal("STOP", [process], cancellationToken);
                }, cancellationToken);
                scene.Timeline.Note($"one of {service} hangs in a transaction on {table}");
            }

            await Task.Delay(HangsFor, cancellationToken);
        }
        finally
        {
            await Scene.Signal("CONT", frozen, CancellationToken.None);
        }

        scene.Timeline.Ends("they go on");
    }

    public static async Task Cut(Scene scene, CancellationToken cancellationToken)
    {
        scene.Timeline.Begins("all connections to the databases are cut");
        await Task.WhenAll(SystemShape.Databases.Select(database => scene.Victim.TerminateBackends(database, cancellationToken)));
        scene.Timeline.Ends("they may come back");
        await Task.Delay(Away, cancellationToken);
    }
}
