using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderSample.OrderService.Data;
using OrderSample.Services.RealServers.Tests.Running;

namespace OrderSample.Services.RealServers.Tests.Starting;

/// <summary>Of replicas that start together one applies the migrations, and the others wait for it.</summary>
[Collection(ServersCollection.Name)]
public sealed class ReplicasTakeTurns(TestServers servers)
{
    /// <summary>The key under which replicas take turns, in <c>PostgresDatabase</c>.</summary>
    private const long SchemaLock = 0x4F72_6465_7253;

    [Fact]
    public async Task When_another_one_migrates_for_longer_than_the_database_is_waited_for_the_service_starts_all_the_same()
    {
        var place = await servers.NewPlace();
        await using var other = new NpgsqlConnection(place.Database);
        await other.OpenAsync();
        await Run<object>($"SELECT pg_advisory_lock({SchemaLock})");

        var starting = Task.Run(() => ServiceReplica<OrderDbContext>.Start(place, "orders-db", ("Database:StartupTimeout", "00:00:01")));
        await Waiting.Until(1L, () => Run<long>("""
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event = 'advisory' AND now() - query_start > interval '3 seconds'
            """), "a service that waits for its turn");
        Assert.False(starting.IsCompleted, "It did not wait.");
        await Run<object>($"SELECT pg_advisory_unlock({SchemaLock})");

        await using var service = await starting.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, await service.Query(x => x.Orders.CountAsync()));

        async Task<T> Run<T>(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other);
            return (T)(await command.ExecuteScalarAsync())!;
        }
    }
}
