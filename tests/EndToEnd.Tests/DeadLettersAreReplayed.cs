using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>Messages that the services can't handle, from their failure to the operator's decision.</summary>
[Collection(SystemCollection.Name)]
public sealed class DeadLettersAreReplayed(OrderSystem system)
{
    private const string Email = "notification-email";

    [Fact]
    public async Task When_the_cause_is_mended_a_replay_brings_the_message_to_its_end_and_one_that_fails_before_is_the_same_case()
    {
        var placed = await system.Orders.Place(Sample.Order(await system.Inventory.NewProduct(10), quantity: 1));
        await system.Orders.Reaches(placed.OrderId, "AwaitingPayment");
        await system.Notifications.MustBe(placed.OrderId, "OrderReserved");
        DeadLetter poison;
        await system.Sql("notifications-db", """ALTER TABLE "Notifications" RENAME TO "NotificationsAway" """);
        try
        {
            using (var paid = await system.Orders.Pay(placed.OrderId, placed.Total))
                Assert.Equal(HttpStatusCode.Accepted, paid.StatusCode);

            poison = await system.Backoffice.DeadLetter($"{Email}_error", placed.OrderId.ToString());
            Assert.Equal(("Open", "Failed", Email, 1), (poison.Summary.Status, poison.Summary.Cause, poison.Summary.Endpoint, poison.Summary.Attempts));
            Assert.EndsWith("OrderCompleted", poison.Summary.MessageType, StringComparison.Ordinal);
            Assert.Contains("does not exist", poison.Summary.ExceptionMessage, StringComparison.Ordinal);
            Assert.Equal(2, poison.Redeliveries);
            Assert.NotNull(poison.StackTrace);

            await system.Backoffice.MustReplay(poison.Summary.Id, "too early");
            var again = await system.Backoffice.HasFailed(poison.Summary.Id, attempts: 2);
            // It had all its redeliveries again.
            Assert.Equal(2, again.Redeliveries);
            Assert.Equal(poison.Summary.MessageId, again.Summary.MessageId);
            Assert.Equal(poison.Body, again.Body);
        }
        finally
        {
            await system.Sql("notifications-db", """ALTER TABLE "NotificationsAway" RENAME TO "Notifications" """);
        }

        await (await system.SignedIn("grace")).MustReplay(poison.Summary.Id, "table is back");
        await system.Notifications.MustBe(placed.OrderId, "OrderReserved", "OrderCompleted");
        var handled = await system.Eventually("the replay to be reported as handled", token => system.Backoffice.Get(poison.Summary.Id, token), letter => letter.Summary.Status == "Handled");
        Assert.Equal((Email, 2), (handled.Summary.HandledBy, handled.Summary.Attempts));
        Assert.NotNull(handled.Summary.HandledAt);
        Assert.Equal(["Replayed by ada: too early", "Replayed by grace: table is back"], handled.Actions.Select(x => x.ToString()));
        Assert.Single(await system.Backoffice.DeadLetters($"{Email}_error"), x => x.MessageId == poison.Summary.MessageId);
    }

    [Fact]
    public async Task When_the_body_is_no_JSON_it_is_kept_byte_for_byte_until_somebody_discards_it()
    {
        using var broker = await Broker.Of(system.App);
        var messageId = Guid.NewGuid().ToString();
        byte[] body = [0xFF, 0x00, 0xFE, .. Encoding.UTF8.GetBytes(messageId)];
        await broker.Publish(Broker.DefaultExchange, Email, body, messageId);

        var letter = await Letter($"{Email}_error", messageId);
        Assert.Equal(("Open", "Failed", Email), (letter.Summary.Status, letter.Summary.Cause, letter.Summary.Endpoint));
        Assert.Equal("Base64", letter.BodyEncoding);
        Assert.Equal(body, Convert.FromBase64String(letter.Body));

        await system.Backoffice.MustReplay(letter.Summary.Id);
        var again = await system.Backoffice.HasFailed(letter.Summary.Id, attempts: 2);
        Assert.Equal(body, Convert.FromBase64String(again.Body));

        await BackofficeApi.MustAnswer(HttpStatusCode.BadRequest, system.Backoffice.Discard(letter.Summary.Id, reason: ""));
        await BackofficeApi.MustAnswer(HttpStatusCode.NoContent, (await system.SignedIn("grace")).Discard(letter.Summary.Id, "garbage"));
        await BackofficeApi.MustAnswer(HttpStatusCode.Conflict, system.Backoffice.Discard(letter.Summary.Id));
        await BackofficeApi.MustAnswer(HttpStatusCode.Conflict, system.Backoffice.Replay(letter.Summary.Id));
        await BackofficeApi.MustAnswer(HttpStatusCode.NotFound, system.Backoffice.Replay(long.MaxValue));
        var discarded = await system.Backoffice.Get(letter.Summary.Id);
        Assert.Equal("Discarded", discarded.Summary.Status);
        Assert.Equal(["Replayed by ada: mended", "Discarded by grace: garbage"], discarded.Actions.Select(x => x.ToString()));
    }

    [Fact]
    public async Task When_no_consumer_knows_its_type_it_comes_with_its_type_and_the_group_replays_as_one()
    {
        using var broker = await Broker.Of(system.App);
        var type = $"OrderSample.Tests:Unknown{Guid.NewGuid():N}";
        string[] messageIds = [.. Enumerable.Range(0, 3).Select(_ => Guid.NewGuid().ToString())];
        foreach (var messageId in messageIds)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new { messageId, messageType = new[] { $"urn:message:{type}" }, message = new { } });
            await broker.Publish("inventory-reservations", "", body, messageId, new() { ["Content-Type"] = "application/vnd.masstransit+json" });
        }

        var letters = await Task.WhenAll(messageIds.Select(messageId => Letter("inventory-reservations_skipped", messageId)));
        Assert.All(letters, letter => Assert.Equal(("Skipped", type, "inventory-reservations"), (letter.Summary.Cause, letter.Summary.MessageType, letter.Summary.Endpoint)));

        var groups = await system.Backoffice.Http.GetFromJsonAsync<DeadLetterGroup[]>("/dead-letters/groups");
        var group = Assert.Single(groups!, x => x.MessageType == type);
        Assert.Equal((3, 0, 0), (group.Open, group.Replayed, group.Discarded));

        var outcome = await BackofficeApi.MustAnswer(HttpStatusCode.OK, system.Backoffice.ReplayGroup(group.Id));
        Assert.Contains("\"replayed\":3", outcome, StringComparison.Ordinal);
        foreach (var letter in letters)
            await system.Backoffice.HasFailed(letter.Summary.Id, attempts: 2);
    }

    private async Task<DeadLetter> Letter(string queue, string messageId)
    {
        var summaries = await system.Eventually($"message {messageId} in {queue}", token => system.Backoffice.DeadLetters(queue, cancellationToken: token),
            letters => letters.Any(x => x.MessageId == messageId));
        return await system.Backoffice.Get(summaries.Single(x => x.MessageId == messageId).Id);
    }
}
