using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Backoffice.Console.Desk;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.DiscardingDeadLetters;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Services.RealServers.Tests.DeadLetters;

/// <summary>One decision about many dead letters is one about each.</summary>
[Collection(ServersCollection.Name)]
public sealed class ManyAreDecidedAtOnce(TestServers servers)
{
    private const string Endpoint = "stock";

    private static readonly OperatorDecision Decision = new("ada", "mended");

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_many_are_replayed_each_has_its_own_outcome_and_what_is_no_message_is_left_out(DatabaseServer on)
    {
        const int Sent = 20;
        var place = await servers.NewPlace(on);
        await using var broker = await RawBroker.Connect(place);
        await broker.DeclareQuorumQueue(Endpoint);
        await using var desk = ServiceReplicas.StartBackoffice(place);
        await Fail(broker, Endpoint, Sent);
        await Fail(broker, "gone", 1);
        await broker.Publish($"{Endpoint}_error", "not a message", messageId: Guid.NewGuid());
        await Waiting.Until(Sent + 2, () => InState(desk, DeadLetterStatus.Open), "dead letters");

        var bulk = desk.Services.GetRequiredService<BulkDecisions>();
        var found = await bulk.FindAsync(BulkDecision.Replay, ids: null, groupId: null, CancellationToken.None);
        Assert.Equal((Sent + 1, 1), (found.Ids.Count, found.LeftOut));
        var one = await desk.Query(x => x.DeadLetters.Where(letter => letter.Endpoint == Endpoint && found.Ids.Contains(letter.Id)).Select(letter => letter.Id).FirstAsync());
        await using (var scope = desk.Services.CreateAsyncScope())
            Assert.True(await scope.ServiceProvider.GetRequiredService<Discard>().OneAsync(one, Decision, CancellationToken.None));
        var run = bulk.Of(found, Decision);
        await run.RunAsync(CancellationToken.None);

        Assert.Equal("21 of 21 dead letters: 19 replayed, 1 already decided, 1 failed", run.ToString());
        Assert.Equal([("There is no queue gone.", 1)], run.Problems);
        Assert.False(run.IsDone);
        Assert.Equal((uint)(Sent - 1), await broker.Count(Endpoint));
        // Each has its row in the audit trail, as if it were decided alone.
        Assert.Equal(
            [(DeadLetterActionKind.Replayed, Sent - 1), (DeadLetterActionKind.ReplayFailed, 1), (DeadLetterActionKind.Discarded, 1)],
            (await desk.Query(x => x.Actions.Where(action => action.By == Decision.By).Select(action => action.Action).ToListAsync()))
                .GroupBy(action => action).Select(group => (group.Key, group.Count())).OrderBy(group => group.Key));

        // Those that are open are the one without a queue, and the one that is no message.
        var rest = bulk.Of(await bulk.FindAsync(BulkDecision.Discard, ids: null, groupId: null, CancellationToken.None), Decision);
        await rest.RunAsync(CancellationToken.None);
        Assert.Equal("2 of 2 dead letters: 2 discarded", rest.ToString());
        Assert.True(rest.IsDone);
    }

    [Fact]
    public async Task When_it_is_stopped_what_is_not_decided_stays_open()
    {
        const int Sent = 5;
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var desk = ServiceReplicas.StartBackoffice(place, ("DeadLetters:BulkConcurrency", "1"));
        await Fail(broker, Endpoint, Sent);
        await Waiting.Until(Sent, () => InState(desk, DeadLetterStatus.Open), "dead letters");
        var bulk = desk.Services.GetRequiredService<BulkDecisions>();
        var found = await bulk.FindAsync(BulkDecision.Discard, ids: null, groupId: null, CancellationToken.None);
        var run = bulk.Of(found, Decision);

        // The third waits for somebody who is at it.
        await using var scope = desk.Services.CreateAsyncScope();
        var other = scope.ServiceProvider.GetRequiredService<BackofficeDbContext>();
        await using var transaction = await other.Database.BeginTransactionAsync();
        Assert.NotNull(await other.LockAsync(found.Ids[2], CancellationToken.None));
        using var stop = new CancellationTokenSource();
        var running = run.RunAsync(stop.Token);
        await Waiting.Until(2, () => Task.FromResult(run.Finished), "outcomes");
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(60));
        await transaction.RollbackAsync();

        Assert.Equal("2 of 5 dead letters: 2 discarded", run.ToString());
        Assert.Equal(Sent - 2, await InState(desk, DeadLetterStatus.Open));
    }

    private static async Task Fail(RawBroker broker, string endpoint, int count)
    {
        await broker.DeclareQuorumQueue($"{endpoint}_error");
        for (var i = 0; i < count; i++)
            await broker.Publish($"{endpoint}_error", """{"messageType":["urn:message:Shop:Reserve"],"message":{}}""", messageId: Guid.NewGuid());
    }

    private static Task<int> InState(ServiceReplica<BackofficeDbContext> desk, DeadLetterStatus status) =>
        desk.Query(x => x.DeadLetters.CountAsync(letter => letter.Status == status));
}
