using System.Text.Json.Nodes;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.EditingDeadLetters;
using OrderSample.Backoffice.Messaging;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.InventoryService.Data;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Services.RealServers.Tests.DeadLetters;

/// <summary>A person corrects a message that no consumer could handle, and sends it: the old one and the new one are both kept.</summary>
[Collection(ServersCollection.Name)]
public sealed class AMessageIsEdited(TestServers servers)
{
    private const string Sku = "TEST-KETTLE";
    private const string Inventory = "inventory-reservations";
    private const string Endpoint = "stock";
    private const string ErrorQueue = $"{Endpoint}_error";

    private static readonly OperatorDecision Decision = new("ada", "the quantity was mistyped");

    private readonly Guid _order = Guid.NewGuid();

    [Fact]
    public async Task When_its_quantity_is_corrected_the_new_message_is_handled_and_the_old_one_stays_as_it_was()
    {
        var place = await servers.NewPlace();
        await using var desk = ServiceReplicas.StartBackoffice(place);
        await using var inventory = ServiceReplicas.StartInventory(place with { Database = (await servers.NewPlace()).Database });
        await inventory.Given(new Product { Sku = Sku, Name = "Gooseneck kettle", OnHand = 5 });
        var endpoint = await inventory.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"exchange:{Inventory}"));
        await endpoint.Send(new ReserveStock(_order, [new StockLine(Sku, -2)]));
        var failed = await Failed(desk, Inventory);

        var message = Message(failed);
        message["lines"]![0]!["quantity"] = 2;
        var outcome = await Edit(desk, failed.Id, message.ToJsonString());
        Assert.Null(outcome.Problem);

        await Waiting.Until(DeadLetterStatus.Handled, async () => (await Find(desk, x => x.Id == outcome.Edited))!.Status, "state of the edited message");
        Assert.Equal(2, await inventory.Query(x => x.Products.Where(product => product.Sku == Sku).Select(product => product.Reserved).SingleAsync()));
        var edited = (await desk.Query(x => GetDeadLetter.FindAsync(outcome.Edited!.Value, x, CancellationToken.None)))!;
        Assert.Equal((failed.Id, 0), (edited.Summary.EditedFrom, edited.Summary.Attempts));
        Assert.NotEqual(failed.MessageId, edited.Summary.MessageId);
        Assert.Equal(edited.Summary.MessageId, (string?)JsonNode.Parse(edited.Body)!["messageId"]);
        var old = (await desk.Query(x => GetDeadLetter.FindAsync(failed.Id, x, CancellationToken.None)))!;
        Assert.Equal((DeadLetterStatus.Replaced, outcome.Edited), (old.Summary.Status, old.ReplacedBy));
        Assert.Equal(failed.Body, System.Text.Encoding.UTF8.GetBytes(old.Body));
        Assert.Equal([(DeadLetterActionKind.Edited, "ada", Decision.Reason)], old.Actions.Select(x => (x.Action, x.By, (string?)x.Reason)));
        Assert.Equal([DeadLetterActionKind.Replayed], edited.Actions.Select(x => x.Action));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_it_can_not_be_sent_the_edited_message_waits_for_a_replay_under_the_same_id(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var broker = await RawBroker.Connect(place);
        await broker.DeclareQuorumQueue(ErrorQueue);
        await using var desk = ServiceReplicas.StartBackoffice(place);
        var failed = await Failed(broker, desk);

        // Nobody has the endpoint's queue yet.
        var outcome = await Edit(desk, failed.Id, Json(quantity: 3));
        Assert.NotNull(outcome.Problem);
        var edited = (await Find(desk, x => x.Id == outcome.Edited))!;
        Assert.Equal((DeadLetterStatus.Open, DeadLetterStatus.Replaced), (edited.Status, (await Find(desk, x => x.Id == failed.Id))!.Status));

        await broker.DeclareQuorumQueue(Endpoint);
        await using (var scope = desk.Services.CreateAsyncScope())
            Assert.Null((await scope.ServiceProvider.GetRequiredService<Replay>().OneAsync(edited.Id, Decision, CancellationToken.None)).Problem);
        var sent = await broker.Take(Endpoint);
        Assert.Equal(edited.MessageId, sent.BasicProperties.MessageId);
        Assert.Equal(3, (int)JsonNode.Parse(sent.Text())!["message"]!["quantity"]!);
        Assert.Equal(edited.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), sent.BasicProperties.Text(CaseHeaders.CaseId));
        Assert.Equal(0u, await broker.Count(Endpoint));

        // It fails, too: its own case is open again, and the one that it was made of is not.
        await broker.Publish(ErrorQueue, sent.Text(), messageId: Guid.Parse(edited.MessageId!), headers: sent.BasicProperties.Headers);
        await Waiting.Until((DeadLetterStatus.Open, 1), async () => await Find(desk, x => x.Id == edited.Id) is { } again ? (again.Status, again.Attempts) : default, "the edited message's case");
        Assert.Equal(2, await desk.Query(x => x.DeadLetters.CountAsync()));
        Assert.Equal(DeadLetterStatus.Replaced, (await Find(desk, x => x.Id == failed.Id))!.Status);
    }

    [Fact]
    public async Task When_what_is_given_is_no_message_of_that_order_nothing_is_stored_and_nothing_sent()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await broker.DeclareQuorumQueue(ErrorQueue);
        await broker.DeclareQuorumQueue(Endpoint);
        await using var desk = ServiceReplicas.StartBackoffice(place);
        var failed = await Failed(broker, desk);
        string?[] wrong =
        [
            null, "", "no JSON", "[]", "null", Json(quantity: 1), $$"""{"orderId":"{{Guid.NewGuid()}}","quantity":2}""", """{"quantity":2}""",
            $$"""{"orderId":"{{_order}}","quantity":2,"quantity":3}""", Json(quantity: 2) + new string(' ', EditedMessage.MaxLength),
        ];

        foreach (var message in wrong)
            Assert.Equal(["message"], (await Edit(desk, failed.Id, message)).Errors.ByField.Keys);
        Assert.Equal(["reason"], (await Edit(desk, failed.Id, Json(quantity: 2), Decision with { Reason = " " })).Errors.ByField.Keys);

        Assert.Equal(DeadLetterStatus.Open, Assert.Single(await desk.Query(x => x.DeadLetters.AsNoTracking().ToListAsync())).Status);
        Assert.Equal(0, await desk.Query(x => x.Actions.CountAsync()));
        Assert.Equal(0u, await broker.Count(Endpoint));
    }

    [Fact]
    public async Task When_two_people_edit_it_at_once_one_message_is_sent()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await broker.DeclareQuorumQueue(ErrorQueue);
        await broker.DeclareQuorumQueue(Endpoint);
        await using var desk = ServiceReplicas.StartBackoffice(place);
        var failed = await Failed(broker, desk);

        var outcomes = await Task.WhenAll(Edit(desk, failed.Id, Json(quantity: 2)), Edit(desk, failed.Id, Json(quantity: 3)));

        Assert.Single(outcomes, outcome => outcome.Edited is not null);
        Assert.Equal(2, await desk.Query(x => x.DeadLetters.CountAsync()));
        await Waiting.Until(1u, () => broker.Count(Endpoint), "messages sent");
    }

    private string Json(int quantity) => $$"""{"orderId":"{{_order}}","quantity":{{quantity}}}""";

    private static JsonObject Message(DeadLetter letter) => JsonNode.Parse(letter.Body)!["message"]!.AsObject();

    /// <summary>A command whose consumer has failed for good.</summary>
    private async Task<DeadLetter> Failed(RawBroker broker, ServiceReplica<BackofficeDbContext> desk)
    {
        await broker.Publish(ErrorQueue, $$$"""{"messageType":["urn:message:Shop:Reserve"],"message":{{{Json(quantity: 1)}}},"headers":{}}""", messageId: Guid.NewGuid());
        return await Failed(desk, Endpoint);
    }

    private static async Task<DeadLetter> Failed(ServiceReplica<BackofficeDbContext> desk, string endpoint)
    {
        await Waiting.Until(true, async () => await Find(desk, x => x.Endpoint == endpoint) is not null, $"whether there is a dead letter of {endpoint}");
        return (await Find(desk, x => x.Endpoint == endpoint))!;
    }

    private static Task<DeadLetter?> Find(ServiceReplica<BackofficeDbContext> desk, System.Linq.Expressions.Expression<Func<DeadLetter, bool>> which) =>
        desk.Query(x => x.DeadLetters.AsNoTracking().SingleOrDefaultAsync(which));

    private static async Task<EditOutcome> Edit(ServiceReplica<BackofficeDbContext> desk, long id, string? message, OperatorDecision? decision = null)
    {
        await using var scope = desk.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Edit>().AndReplayAsync(id, message, decision ?? Decision, CancellationToken.None);
    }
}
