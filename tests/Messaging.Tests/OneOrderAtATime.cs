using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using OrderSample.Messaging.Tests.Running;

namespace OrderSample.Messaging.Tests;

[Collection(ServersCollection.Name)]
public sealed class OneOrderAtATime(TestServers servers)
{
    [Fact]
    public async Task When_many_messages_come_those_of_one_order_are_never_at_work_together_and_those_of_different_orders_are()
    {
        const int orders = 4;
        const int each = 25;
        var atWork = new ConcurrentDictionary<Guid, int>();
        var worst = 0;
        var mostOrders = 0;
        var gate = new Lock();
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, async context =>
        {
            var now = atWork.AddOrUpdate(context.Message.OrderId, 1, (_, count) => count + 1);
            lock (gate)
            {
                worst = Math.Max(worst, now);
                mostOrders = Math.Max(mostOrders, atWork.Count(x => x.Value > 0));
            }

            // Long enough to meet others, if anything lets them in.
            await Task.Delay(TimeSpan.FromMilliseconds(20), context.CancellationToken);
            atWork.AddOrUpdate(context.Message.OrderId, 0, (_, count) => count - 1);
        });

        var ids = Enumerable.Range(0, orders).Select(_ => Guid.NewGuid()).ToArray();
        await service.Publish([.. Enumerable.Range(0, orders * each).Select(i => new Job(ids[i % orders], i))]);
        await Waiting.Until(orders * each, () => service.Query(x => x.DoneJobs.CountAsync()), "all jobs");

        Assert.Equal(1, worst);
        Assert.True(mostOrders > 1, "no two orders were worked on at a time");
    }
}
