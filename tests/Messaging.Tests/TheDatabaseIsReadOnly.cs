using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using OrderSample.Messaging.Tests.Running;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.Messaging.Tests;

/// <summary>As it is after a failover to a copy: it answers, and stores nothing.</summary>
[Collection(ServersCollection.Name)]
public sealed class TheDatabaseIsReadOnly(TestServers servers)
{
    [Fact]
    public async Task When_it_can_only_be_read_the_service_is_not_ready_until_it_can_be_written_to()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place);
        Assert.Equal(HealthStatus.Healthy, await Database(service));

        await SetReadOnly(place, "on");
        await Waiting.Until(HealthStatus.Unhealthy, () => Database(service), "the database's health");
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => service.Publish(new Job(Guid.NewGuid())));
        // Which is answered with 503, and has a message come again.
        Assert.True(service.Services.GetRequiredService<IDatabaseProvider>().IsTransient(refused), refused.ToString());

        await SetReadOnly(place, "off");
        await Waiting.Until(HealthStatus.Healthy, () => Database(service), "the database's health");
        await service.Services.GetRequiredService<IBus>().Publish(new Job(Guid.NewGuid()));
        await Waiting.Until(1, () => Done(service), "the job to be done");
    }

    [Fact]
    public async Task When_it_can_only_be_read_for_long_a_message_waits_and_is_handled_afterwards()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: [("Messaging:Retry:Limit", "0"), ("Messaging:Redelivery:Delays:0", "00:00:00.200")]);
        using var measured = new Measured();
        await SetReadOnly(place, "on");
        await service.Services.GetRequiredService<IBus>().Publish(new Job(Guid.NewGuid()));
        // A second one would be one too many, if they counted.
        await Waiting.Until(true, () => Task.FromResult(measured.Now("ordersample.redeliveries") >= 5), "five redeliveries");

        await SetReadOnly(place, "off");
        await Waiting.Until(1, () => Done(service), "the job to be done");
        await using var broker = await RawBroker.Connect(place);
        Assert.Equal(0u, await broker.Count("jobs_error"));
    }

    /// <summary>For every connection from now on; those that there are end.</summary>
    private static async Task SetReadOnly(Place place, string value)
    {
        await using var connection = new NpgsqlConnection($"{place.Database};Pooling=false;Options=-c default_transaction_read_only=off");
        await connection.OpenAsync();
        foreach (var statement in (string[])[$"ALTER DATABASE {place.VirtualHost} SET default_transaction_read_only = {value}",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<int> Done(Service service)
    {
        try
        {
            return await service.Query(x => x.DoneJobs.CountAsync());
        }
        catch (NpgsqlException)
        {
            // One of the connections that were ended came out of the pool.
            return 0;
        }
    }

    private static async Task<HealthStatus> Database(Service service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "database")).Entries["database"].Status;
}
