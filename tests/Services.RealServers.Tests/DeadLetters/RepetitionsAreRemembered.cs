using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.ServiceDefaults.Messaging.Redelivery;

namespace OrderSample.Services.RealServers.Tests.DeadLetters;

/// <summary>Reports of messages that are delivered more than once, as the desk stores them for the orders' stories.</summary>
[Collection(ServersCollection.Name)]
public sealed class RepetitionsAreRemembered(TestServers servers)
{
    private const int Kept = 1_000;

    private static readonly DateTimeOffset Begin = new(2026, 11, 29, 14, 0, 0, TimeSpan.Zero);

    private readonly Guid _order = Guid.NewGuid();

    [Theory]
    [OnPostgres]
    [OnSqlServer]
    public async Task The_last_report_of_a_message_counts_whatever_comes_late_or_twice(DatabaseServer server)
    {
        await using var desk = ServiceReplicas.StartBackoffice(await servers.NewPlace(server));
        var last = Report("m", at: 5) with { Delays = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)], NextAt = Begin.AddSeconds(20), ExceptionMessage = "x\0y" };
        await Store(desk, Report("m", at: 0) with { Delays = [TimeSpan.FromSeconds(5)], NextAt = Begin.AddSeconds(5) }, last, Report("m", at: 0), last);

        var row = Assert.Single(await desk.Query(x => ListRepetitions.OfOrderAsync(x, _order, CancellationToken.None)));
        Assert.Equal(("5, 15", Begin, Begin.AddSeconds(5), Begin.AddSeconds(20)), (row.Delays, row.FirstAt, row.LastAt, row.NextAt));
        Assert.Equal(("OrderSample.Contracts.Inventory.Commands:ReserveStock", "x\uFFFDy"), (row.MessageType, row.ExceptionMessage));
    }

    [Theory]
    [OnPostgres]
    [OnSqlServer]
    public async Task A_replay_another_endpoint_and_another_cause_are_rows_of_their_own(DatabaseServer server)
    {
        await using var desk = ServiceReplicas.StartBackoffice(await servers.NewPlace(server));
        await Store(desk, Report("m", 0), Report("m", 1) with { Replay = 1 }, Report("m", 2) with { Endpoint = "notification-email" },
            Report("m", 3) with { Cause = RepetitionCause.Unacknowledged, Deliveries = 2 }, Report("other", 4) with { OrderId = Guid.NewGuid() });

        Assert.Equal(4, (await desk.Query(x => ListRepetitions.OfOrderAsync(x, _order, CancellationToken.None))).Count);
    }

    [Theory]
    [OnPostgres]
    [OnSqlServer]
    public async Task Of_many_the_oldest_are_removed(DatabaseServer server)
    {
        await using var desk = ServiceReplicas.StartBackoffice(await servers.NewPlace(server));
        await desk.Query(async x =>
        {
            for (var number = 0; number < Kept + 250; number++)
                await RepetitionStore.StoreAsync(x, Report($"{number}", 0), Kept, CancellationToken.None);
            return 0;
        });

        Assert.Equal((Kept + 50, "200"), await desk.Query(async x => (await x.Repetitions.CountAsync(), (await x.Repetitions.OrderBy(row => row.Id).FirstAsync()).MessageId)));
    }

    private static Task<int> Store(ServiceReplica<BackofficeDbContext> desk, params RepeatedDelivery[] reports) => desk.Query(async x =>
    {
        foreach (var report in reports)
            await RepetitionStore.StoreAsync(x, report, Kept, CancellationToken.None);
        return reports.Length;
    });

    private RepeatedDelivery Report(string id, int at) =>
        new(id, "urn:message:OrderSample.Contracts.Inventory.Commands:ReserveStock", _order, "inventory-reservations", 0, RepetitionCause.Failed, Begin.AddSeconds(at));
}
