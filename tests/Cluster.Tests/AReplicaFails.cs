using OrderSample.Cluster.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.Cluster.Tests;

[Collection(ReplicatedCollection.Name)]
public sealed class AReplicaFails(ReplicatedSystem system, ITestOutputHelper output)
{
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
}
