using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrderSample.Messaging.Tests.Running;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.Messaging.Tests;

[Collection(ServersCollection.Name)]
public sealed class TheBacklogIsKnown(TestServers servers)
{
    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_broker_is_away_messages_pile_up_the_service_says_so_and_both_end_when_it_is_back(DatabaseServer on)
    {
        const int sent = 30;
        var place = await servers.NewPlace(on);
        await using var service = await Service.Start(place, settings: ("Messaging:Outbox:DegradedAfter", "00:00:01"));
        using var measured = new Measured();
        var monitor = service.Services.GetRequiredService<IOutboxMonitor>();
        await servers.Stop("rabbitmq");
        try
        {
            await service.Publish([.. Enumerable.Range(0, sent).Select(number => new Job(Guid.NewGuid(), number))]);
            await Waiting.Until(sent, () => Task.FromResult(monitor.Current.Count), "the backlog");
            await Waiting.Until(HealthStatus.Degraded, () => Outbox(service), "the outbox's health");
            Assert.Equal(sent, measured.Now("ordersample.outbox.backlog"));
            Assert.True(measured.Now("ordersample.outbox.oldest_age") > 1);
        }
        finally
        {
            await servers.Start("rabbitmq");
        }

        await Waiting.Until(sent, () => service.Query(x => x.DoneJobs.CountAsync()), "all jobs");
        await Waiting.Until(0, () => Task.FromResult(monitor.Current.Count), "the backlog");
        await Waiting.Until(HealthStatus.Healthy, () => Outbox(service), "the outbox's health");
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_message_can_not_be_delivered_it_counts_as_parked_and_makes_nobody_wait(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var service = await Service.Start(place, settings: [("Messaging:Outbox:MaxAttempts", "2"), ("Messaging:Outbox:FirstDelay", "00:00:00.100")]);
        var monitor = service.Services.GetRequiredService<IOutboxMonitor>();
        await using (var scope = service.Services.CreateAsyncScope())
        {
            var nowhere = await scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri("exchange:nowhere"));
            await nowhere.Send(new Job(Guid.NewGuid()));
            await scope.ServiceProvider.GetRequiredService<JobDbContext>().SaveChangesAsync();
        }

        await Waiting.Until((0, 1), () => Task.FromResult((monitor.Current.Count, monitor.Current.Parked)), "one parked message");
        Assert.Equal(HealthStatus.Healthy, await Outbox(service));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_message_is_redelivered_it_is_counted(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        using var measured = new Measured();
        var attempts = 0;
        await using var service = await Service.Start(place,
            _ => Interlocked.Increment(ref attempts) == 1 ? throw new TransientFailureException("Not yet.", new TimeoutException()) : Task.CompletedTask,
            ("Messaging:Retry:Limit", "0"), ("Messaging:Redelivery:Delays:0", "00:00:00.100"));
        await service.Publish(new Job(Guid.NewGuid()));

        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job to be done");
        Assert.Equal(1, measured.Now("ordersample.redeliveries"));
    }

    private static async Task<HealthStatus> Outbox(Service service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "outbox")).Entries["outbox"].Status;
}
