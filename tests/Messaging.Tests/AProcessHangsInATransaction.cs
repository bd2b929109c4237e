using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrderSample.Messaging.Tests.Running;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.Messaging.Tests;

/// <summary>It holds its row locks, and its message, for as long as it hangs: others must not wait for it.</summary>
[Collection(ServersCollection.Name)]
public sealed class AProcessHangsInATransaction(TestServers servers)
{
    [Fact]
    public async Task When_one_hangs_before_its_commit_another_one_does_the_work_and_what_it_does_when_it_goes_on_has_no_effect()
    {
        const int copies = 10;
        var hangs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goesOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var attempts = 0;
        var place = await servers.NewPlace();
        await using var hanging = await Service.Start(place, async _ =>
        {
            Interlocked.Increment(ref attempts);
            hangs.TrySetResult();
            await goesOn.Task;
        }, ("Database:IdleInTransactionTimeout", "00:00:01"));
        var job = new Job(Guid.NewGuid());
        var id = Guid.NewGuid();

        await Deliver();
        await hangs.Task;
        // As the broker delivers it again when it gives up a process; some come to the one that hangs, too. Its row of the inbox is locked.
        await using var other = await Service.Start(place, _ => Task.FromResult(Interlocked.Increment(ref attempts)));
        for (var copy = 0; copy < copies; copy++)
            await Deliver();
        await Waiting.Until(1, () => other.Query(x => x.DoneJobs.CountAsync()), "the job to be done by the other one");

        goesOn.SetResult();
        await using var broker = await RawBroker.Connect(place);
        await Waiting.Until(0u, () => broker.Count(Service.Queue), "messages in the queue");
        await hanging.Services.GetRequiredService<IBusControl>().StopAsync();
        Assert.Equal(1, await other.Query(x => x.DoneJobs.CountAsync()));
        Assert.Equal(2, attempts);
        Assert.Equal(0u, await broker.Count($"{Service.Queue}_error"));

        Task Deliver() => hanging.Services.GetRequiredService<IBus>().Publish(job, context => context.MessageId = id);
    }

    /// <summary>It would have given up itself. What it has locked before would be held for as long as it waits.</summary>
    [Fact]
    public async Task When_one_hangs_while_it_waits_for_a_lock_the_server_gives_up_for_it_but_not_for_a_migration()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: ("Database:CommandTimeout", "1"));
        await using var connection = new NpgsqlConnection(place.Database);
        await connection.OpenAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("""LOCK TABLE "DoneJobs" """, connection, holding))
            await command.ExecuteNonQueryAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => service.Query(hanging =>
        {
            hanging.Database.SetCommandTimeout(0);
            return hanging.DoneJobs.CountAsync();
        }));
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);
        Assert.True(service.Services.GetRequiredService<IDatabaseProvider>().IsTransient(refused));

        // Another replica's migration is waited for, however long it takes.
        var first = await service.Services.GetRequiredService<IDatabaseProvider>().LockSchemaAsync(CancellationToken.None);
        var second = service.Services.GetRequiredService<IDatabaseProvider>().LockSchemaAsync(CancellationToken.None);
        await Task.WhenAny(second, Task.Delay(TimeSpan.FromSeconds(4)));
        Assert.False(second.IsCompleted);
        await first.DisposeAsync();
        await (await second).DisposeAsync();
        Assert.Equal("2s", await service.Query(x => x.Database.SqlQuery<string>($"""SELECT current_setting('lock_timeout') AS "Value" """).SingleAsync()));
    }
}
