using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Messaging.Tests.Running;

namespace OrderSample.Messaging.Tests;

[Collection(ServersCollection.Name)]
public sealed class AMessageIsHandledOnce(TestServers servers)
{
    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_connection_is_cut_between_the_commit_and_the_ack_the_second_delivery_has_no_effect(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var service = await Service.Start(place);
        var gate = new BetweenCommitAndAck();
        service.Services.GetRequiredService<IBus>().ConnectConsumeObserver(gate);
        await service.Publish(new Job(Guid.NewGuid()));

        await gate.Committed.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1, await service.Query(x => x.DoneJobs.CountAsync()));
        await place.CutConnections();
        gate.Open.SetResult();

        await Waiting.Until(2, () => Task.FromResult(gate.Deliveries), "deliveries");
        await using var broker = await RawBroker.Connect(place);
        await Waiting.Until(0u, () => broker.Count(Service.Queue), "the queue to be empty");
        Assert.Equal(1, await service.Query(x => x.DoneJobs.CountAsync()));
    }

    /// <summary>Holds the first message after its transaction and before its acknowledgement.</summary>
    private sealed class BetweenCommitAndAck : IConsumeObserver
    {
        private int _deliveries;

        public TaskCompletionSource Committed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Deliveries => Volatile.Read(ref _deliveries);

        public Task PreConsume<T>(ConsumeContext<T> context)
            where T : class => Task.CompletedTask;

        public async Task PostConsume<T>(ConsumeContext<T> context)
            where T : class
        {
            if (Interlocked.Increment(ref _deliveries) > 1)
                return;
            Committed.SetResult();
            await Open.Task;
        }

        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }
}
