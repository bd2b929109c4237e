using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.DiscardingDeadLetters;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Services.RealServers.Tests.DeadLetters;

/// <summary>A saga that gets no answer sends its command again; when each of them fails for good, a person has one thing to decide.</summary>
[Collection(ServersCollection.Name)]
public sealed class CopiesAreOneCase(TestServers servers)
{
    private const string Endpoint = "stock";
    private const string ErrorQueue = $"{Endpoint}_error";

    private static readonly OperatorDecision Decision = new("ada", "mended");

    private readonly Guid _order = Guid.NewGuid();

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_two_desks_collect_copies_at_once_there_is_one_case_for_each_order_with_their_number_and_ids(DatabaseServer on)
    {
        const int Orders = 10;
        const int Copies = 5;
        var place = await servers.NewPlace(on);
        await using var broker = await RawBroker.Connect(place);
        await broker.DeclareQuorumQueue(ErrorQueue);
        var sent = new List<(Guid Order, Guid Message)>();
        foreach (var order in Enumerable.Range(0, Orders).Select(_ => Guid.NewGuid()))
        {
            for (var i = 0; i < Copies; i++)
                sent.Add((order, await Fail(broker, order)));
        }

        await using var first = ServiceReplicas.StartBackoffice(place);
        await using var second = ServiceReplicas.StartBackoffice(place);
        await Waiting.Until((Orders, Orders * (Copies - 1)), () => first.Query(async x => (await x.DeadLetters.CountAsync(), await x.Copies.CountAsync())), "cases and copies");

        var cases = await first.Query(x => x.DeadLetters.AsNoTracking().ToListAsync());
        Assert.All(cases, letter => Assert.Equal((DeadLetterStatus.Open, 1, Copies - 1), (letter.Status, letter.Attempts, letter.Copies)));
        foreach (var letter in cases)
        {
            var details = await first.Query(x => GetDeadLetter.FindAsync(letter.Id, x, CancellationToken.None));
            var ids = details!.CopyIds.Append(letter.MessageId).ToHashSet();
            Assert.Single(sent.GroupBy(x => x.Order), order => ids.SetEquals(order.Select(x => x.Message.ToString())));
        }

        var group = Assert.Single((await first.Query(x => ListGroups.ListAsync(x, CancellationToken.None))).Value!);
        Assert.Equal(Orders, group.Open);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_copy_is_delivered_twice_it_counts_once(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var broker = await RawBroker.Connect(place);
        await broker.DeclareQuorumQueue(ErrorQueue);
        await using var desk = ServiceReplicas.StartBackoffice(place);
        await Fail(broker, _order);
        var copy = await Fail(broker, _order);
        await Collected(desk, cases: 1, copies: 1);

        // As when the desk ends between its commit and the ack.
        await Fail(broker, _order, copy);
        await Fail(broker, _order);
        await Collected(desk, cases: 1, copies: 2);
        Assert.Equal(2, Assert.Single(await Cases(desk)).Copies);

        // Also when its case is closed meanwhile.
        Assert.True(await Discard(desk, (await Cases(desk))[0].Id));
        await Fail(broker, _order, copy);
        await Fail(broker, Guid.NewGuid());
        await Collected(desk, cases: 2, copies: 2);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_case_is_replayed_one_message_goes_out_and_a_copy_that_comes_later_opens_another(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var broker = await RawBroker.Connect(place);
        await broker.DeclareQuorumQueue(ErrorQueue);
        await broker.DeclareQuorumQueue(Endpoint);
        await using var desk = ServiceReplicas.StartBackoffice(place);
        var first = await Fail(broker, _order);
        await Collected(desk, cases: 1, copies: 0);
        await Fail(broker, _order);
        await Collected(desk, cases: 1, copies: 1);

        var closed = (await Cases(desk))[0].Id;
        await Replay(desk, closed);
        var replayed = await broker.Take(Endpoint);
        Assert.Equal(first.ToString(), replayed.BasicProperties.MessageId);
        Assert.Equal(0u, await broker.Count(Endpoint));

        await Fail(broker, _order);
        await Collected(desk, cases: 2, copies: 1);
        // The replay was too early. There is an open case for its order already.
        await broker.Publish(ErrorQueue, replayed.Text(), messageId: first, headers: replayed.BasicProperties.Headers);
        await Waiting.Until(2, async () => (await Cases(desk))[0].Attempts, "attempts");
        var cases = await Cases(desk);
        Assert.Equal([(DeadLetterStatus.Replayed, 1), (DeadLetterStatus.Open, 0)], cases.Select(x => (x.Status, x.Copies)));
        Assert.Equal(cases[1].Id, (await desk.Query(x => GetDeadLetter.FindAsync(closed, x, CancellationToken.None)))!.OpenCase);

        Assert.True(await Discard(desk, cases[1].Id));
        await Fail(broker, _order);
        await Collected(desk, cases: 3, copies: 1);
        Assert.Equal([DeadLetterStatus.Replayed, DeadLetterStatus.Discarded, DeadLetterStatus.Open], (await Cases(desk)).Select(x => x.Status));
    }

    [Fact]
    public async Task When_messages_of_one_order_say_different_things_each_is_a_case()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await broker.DeclareQuorumQueue(ErrorQueue);
        await using var desk = ServiceReplicas.StartBackoffice(place);
        foreach (var payment in (int[])[1, 2])
            await broker.Publish(ErrorQueue, Body(_order, $$""","paymentId":{{payment}}"""), messageId: Guid.NewGuid());

        await Collected(desk, cases: 2, copies: 0);
    }

    /// <summary>Puts a command where it ends when its consumer has failed for good.</summary>
    private static async Task<Guid> Fail(RawBroker broker, Guid order, Guid? id = null)
    {
        var messageId = id ?? Guid.NewGuid();
        await broker.Publish(ErrorQueue, Body(order), messageId: messageId);
        return messageId;
    }

    private static string Body(Guid order, string more = "") =>
        $$$"""{"messageType":["urn:message:Shop:Reserve"],"message":{"orderId":"{{{order}}}"{{{more}}}},"headers":{}}""";

    private static Task Collected(ServiceReplica<BackofficeDbContext> desk, int cases, int copies) => Waiting.Until((cases, copies),
        () => desk.Query(async x => (await x.DeadLetters.CountAsync(), await x.Copies.CountAsync())), "cases and copies");

    private static Task<List<DeadLetter>> Cases(ServiceReplica<BackofficeDbContext> desk) =>
        desk.Query(x => x.DeadLetters.AsNoTracking().OrderBy(letter => letter.Id).ToListAsync());

    private static async Task<bool> Discard(ServiceReplica<BackofficeDbContext> desk, long id)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Discard>().OneAsync(id, Decision, CancellationToken.None);
    }

    private static async Task Replay(ServiceReplica<BackofficeDbContext> desk, long id)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var outcome = await scope.ServiceProvider.GetRequiredService<Replay>().OneAsync(id, Decision, CancellationToken.None);
        Assert.Null(outcome.Problem);
        Assert.NotNull(outcome.Letter);
    }
}
