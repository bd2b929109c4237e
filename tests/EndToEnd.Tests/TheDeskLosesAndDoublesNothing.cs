using System.Net;
using System.Net.Http.Json;
using System.Text;
using Aspire.Hosting.Testing;
using Npgsql;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>
/// The dead-letter desk against the broker alone: the queues here are the test's own, so that what comes out of a replay can
/// be counted.
/// </summary>
[Collection(SystemCollection.Name)]
public sealed class TheDeskLosesAndDoublesNothing(OrderSystem system)
{
    private const int Letters = 200;
    private const int StoredBeforeTheKill = 100;
    private const long Gate = 4711;

    private readonly string _queue = $"desk-{Guid.NewGuid():N}";

    [Fact]
    public async Task When_twenty_people_replay_at_once_the_message_goes_out_once_and_as_it_came()
    {
        using var broker = await Broker.Of(system.App);
        await broker.Declare(_queue);
        var letter = await Collect(broker, new()
        {
            ["MT-Fault-ExceptionType"] = "System.InvalidOperationException",
            ["MT-Fault-Message"] = "out of stock",
            ["MT-Reason"] = "fault",
            ["OrderSample-Redeliveries"] = 3,
            ["MT-Activity-Id"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            ["tenant"] = 7,
        });
        Assert.Equal(("System.InvalidOperationException", "out of stock", 3), (letter.Summary.ExceptionType, letter.Summary.ExceptionMessage, letter.Redeliveries));

        // Some of them are at it together for certain: the row is held until they wait for it.
        await using var connection = await system.OpenDatabase("backoffice-db");
        await using var holding = await connection.BeginTransactionAsync();
        await Run(connection, $"""SELECT "Id" FROM "DeadLetters" WHERE "Id" = {letter.Summary.Id} FOR UPDATE""");
        var replays = Enumerable.Range(0, 20).Select(i => system.Backoffice.Replay(letter.Summary.Id, $"person {i}")).ToList();
        await system.Eventually("replays to wait for the row",
            _ => Run(connection, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"), waiting => waiting >= 2);
        await holding.RollbackAsync();

        var answers = await Task.WhenAll(replays);
        Assert.Equal(1, answers.Count(x => x.StatusCode == HttpStatusCode.Accepted));
        Assert.Equal(19, answers.Count(x => x.StatusCode == HttpStatusCode.Conflict));

        var message = Assert.Single(await broker.Take(_queue));
        Assert.Equal(letter.Summary.MessageId, message.Properties.MessageId);
        Assert.Equal(letter.Body, message.Payload);
        // But for those of the broker and of its client.
        Assert.Equal(["MT-Activity-Id", "OrderSample-DeadLetter", "OrderSample-DeadLetter-Replay", "tenant"],
            message.Properties.Headers.Keys.Where(x => !x.StartsWith("x-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(7, message.Properties.Headers["tenant"].GetInt32());
        Assert.Single((await system.Backoffice.Get(letter.Summary.Id)).Actions);
    }

    [Fact]
    public async Task When_the_endpoints_queue_is_gone_or_full_the_dead_letter_stays_open()
    {
        using var broker = await Broker.Of(system.App);
        var letter = await Collect(broker);
        await BackofficeApi.MustAnswer(HttpStatusCode.Conflict, system.Backoffice.Replay(letter.Summary.Id));
        await BackofficeApi.MustAnswer(HttpStatusCode.Conflict, system.Backoffice.ReplayGroup(letter.Summary.GroupId));

        await broker.Declare(_queue, ("x-max-length", 1), ("x-overflow", "reject-publish"));
        await broker.Fill(_queue);
        await BackofficeApi.MustAnswer(HttpStatusCode.ServiceUnavailable, system.Backoffice.Replay(letter.Summary.Id));

        var open = await system.Backoffice.Get(letter.Summary.Id);
        Assert.Equal("Open", open.Summary.Status);
        Assert.Equal(["ReplayFailed", "ReplayFailed", "ReplayFailed"], open.Actions.Select(x => x.Action));
        Assert.All(open.Actions, action => Assert.NotNull(action.Problem));
    }

    [Fact]
    public async Task When_an_event_finds_no_queue_it_can_be_replayed_once_somebody_subscribes()
    {
        using var broker = await Broker.Of(system.App);
        // Named like an event, which is what the backoffice may publish.
        var exchange = $"OrderSample.Tests:{_queue}";
        await broker.DeclareFanout(exchange, ("alternate-exchange", "unrouted"));
        var messageId = Guid.NewGuid().ToString();
        await broker.Publish(exchange, "any", Encoding.UTF8.GetBytes(messageId), messageId);

        var letter = await system.Backoffice.DeadLetter("unrouted", messageId);
        Assert.Equal(("Unrouted", exchange), (letter.Summary.Cause, letter.Summary.Endpoint));
        // Nobody subscribes yet: it comes back, and is the same case.
        await system.Backoffice.MustReplay(letter.Summary.Id);
        await system.Backoffice.HasFailed(letter.Summary.Id, attempts: 2);

        await broker.Declare(_queue);
        await broker.Bind(exchange, _queue);
        await system.Backoffice.MustReplay(letter.Summary.Id);
        Assert.Equal(messageId, Assert.Single(await broker.Take(_queue)).Payload);
    }

    [Fact]
    public async Task When_the_broker_gives_a_message_up_its_endpoint_is_known()
    {
        using var broker = await Broker.Of(system.App);
        await broker.Declare(_queue, ("x-message-ttl", 1), ("x-dead-letter-exchange", "dead-letters"));
        var messageId = Guid.NewGuid().ToString();
        await broker.Publish(Broker.DefaultExchange, _queue, Encoding.UTF8.GetBytes(messageId), messageId);

        var letter = await system.Backoffice.DeadLetter("dead-letters", messageId);
        Assert.Equal(("Rejected", _queue, "expired"), (letter.Summary.Cause, letter.Summary.Endpoint, letter.Summary.ExceptionMessage));
        await system.Backoffice.MustReplay(letter.Summary.Id);
        await system.Backoffice.HasFailed(letter.Summary.Id, attempts: 2);
    }

    /// <summary>
    /// The kill hits where it hurts most: one row waits in its commit, which the database completes although nobody is there
    /// any more to acknowledge the message.
    /// </summary>
    [Fact]
    public async Task When_the_backoffice_is_killed_while_it_stores_200_dead_letters_there_is_one_case_for_each()
    {
        using var broker = await Broker.Of(system.App);
        await system.Stop("backoffice");
        string[] messageIds = [.. Enumerable.Range(0, Letters).Select(i => $"{_queue}-{i}")];
        await broker.Declare($"{_queue}_error");
        foreach (var messageId in messageIds)
            await broker.Publish(Broker.DefaultExchange, $"{_queue}_error", Encoding.UTF8.GetBytes("{}"), messageId);

        await using var connection = await system.OpenDatabase("backoffice-db");
        await Run(connection, $"SELECT pg_advisory_lock({Gate})");
        await system.Sql("backoffice-db", $"""
            CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF (SELECT count(*) FROM "DeadLetters" WHERE "Queue" = '{_queue}_error') > {StoredBeforeTheKill} THEN
                    -- However long the kill takes: the server would end a commit whose client is gone for two seconds.
                    PERFORM set_config('client_connection_check_interval', '0', true);
                    PERFORM pg_advisory_xact_lock_shared({Gate});
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON "DeadLetters" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_gate();
            """);
        long committed;
        try
        {
            await system.Start("backoffice");
            await system.Eventually("a commit to wait", _ => Run(connection, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"), waiting => waiting == 1);
            Assert.Equal(StoredBeforeTheKill, await Run(connection, $"""SELECT count(*) FROM "DeadLetters" WHERE "Queue" = '{_queue}_error'"""));
            await system.Kill("backoffice");
        }
        finally
        {
            await Run(connection, $"SELECT pg_advisory_unlock({Gate})");
            // Waits for the commit that has the table.
            await system.Sql("backoffice-db", """DROP TRIGGER gate ON "DeadLetters"; DROP FUNCTION wait_at_gate();""");
            committed = await Run(connection, $"""SELECT count(*) FROM "DeadLetters" WHERE "Queue" = '{_queue}_error'""");
        }

        await system.Start("backoffice");
        // Committed, and never acknowledged.
        Assert.Equal(StoredBeforeTheKill + 1, committed);
        var letters = await system.Backoffice.Collected($"{_queue}_error", Letters);
        Assert.Equal(messageIds.Order(), letters.Select(x => x.MessageId).Order());
        await system.Eventually("the queue to be empty", _ => broker.Count($"{_queue}_error"), count => count == 0);
        Assert.Equal(Letters, await Run(connection, $"""SELECT count(*) FROM "DeadLetters" WHERE "Queue" = '{_queue}_error' AND "Attempts" = 1"""));
    }

    [Fact]
    public async Task When_the_broker_comes_back_the_desk_is_degraded_no_more_and_collects_again()
    {
        using var broker = await Broker.Of(system.App);
        var before = await Collect(broker);
        await system.Stop("rabbitmq");
        await system.Eventually("the desk to notice", Health, health => health.Status == "Degraded");
        await BackofficeApi.MustAnswer(HttpStatusCode.ServiceUnavailable, system.Backoffice.Replay(before.Summary.Id));

        await system.Start("rabbitmq");
        await system.Eventually("the desk to be healthy", Health, health => health.Status == "Healthy");
        using var restarted = await Broker.Of(system.App);
        await Collect(restarted);
        await restarted.Declare(_queue);
        await system.Backoffice.MustReplay(before.Summary.Id);
    }

    private static async Task<long> Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }

    private async Task<HealthView> Health(CancellationToken cancellationToken) =>
        (await system.Backoffice.Http.GetFromJsonAsync<HealthView>("/health/ready", cancellationToken))!;

    /// <summary>Puts a message into the queue for what the test's endpoint failed at, and waits until it is on the desk.</summary>
    private async Task<DeadLetter> Collect(Broker broker, Dictionary<string, object>? headers = null)
    {
        var messageId = Guid.NewGuid().ToString();
        await broker.Declare($"{_queue}_error");
        await broker.Publish(Broker.DefaultExchange, $"{_queue}_error", Encoding.UTF8.GetBytes($"body of {messageId}"), messageId, headers);
        return await system.Backoffice.DeadLetter($"{_queue}_error", messageId);
    }

    private sealed record HealthView(string Status);
}
