using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.InventoryService.Data;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Services.RealServers.Tests.DeadLetters;

/// <summary>The desk and a service: a replay is handled when the service's transaction is committed, and not before.</summary>
[Collection(ServersCollection.Name)]
public sealed class AReplayIsHandled(TestServers servers)
{
    private const string Sku = "TEST-KETTLE";
    private const string Endpoint = "inventory-reservations";

    private readonly Guid _order = Guid.NewGuid();

    [Fact]
    public async Task When_it_is_rolled_back_the_case_is_open_again_and_when_it_is_committed_the_case_says_by_whom_and_when()
    {
        var place = await servers.NewPlace();
        await using var desk = ServiceReplicas.StartBackoffice(place);
        // A database of its own.
        await using var inventory = ServiceReplicas.StartInventory(place with { Database = (await servers.NewPlace()).Database }, ("Messaging:Redelivery:Delays:0", "00:00:00.100"), ("Messaging:Retry:Limit", "1"));
        await inventory.Given(new Product { Sku = Sku, Name = "Gooseneck kettle", OnHand = 5 });
        // The consumer's work is done, and then the commit fails.
        await inventory.Query(x => x.Database.ExecuteSqlRawAsync("""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'made for a test'; END $$;
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON "Reservations" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()
            """));
        await Send(inventory, new ReserveStock(_order, [new StockLine(Sku, 1)]));
        await Waiting.Until((DeadLetterStatus.Open, 1), () => Case(desk), "the case");

        await Replay(desk);
        await Waiting.Until((DeadLetterStatus.Open, 2), () => Case(desk), "the case, after a replay that was rolled back");
        Assert.Null((await Only(desk)).HandledAt);

        await inventory.Query(x => x.Database.ExecuteSqlRawAsync("""DROP TRIGGER refuse ON "Reservations" """));
        await Replay(desk);
        await Waiting.Until((DeadLetterStatus.Handled, 2), () => Case(desk), "the case, after a replay that was committed");
        var handled = await Only(desk);
        Assert.Equal(Endpoint, handled.HandledBy);
        Assert.InRange(handled.HandledAt!.Value, handled.LastAt, DateTimeOffset.UtcNow);
        Assert.Equal(1, await inventory.Query(x => x.Products.Where(product => product.Sku == Sku).Select(product => product.Reserved).SingleAsync()));
    }

    private static async Task<(DeadLetterStatus, int)> Case(ServiceReplica<BackofficeDbContext> desk) =>
        await Find(desk) is { } letter ? (letter.Status, letter.Attempts) : default;

    private static async Task<DeadLetter> Only(ServiceReplica<BackofficeDbContext> desk) => (await Find(desk))!;

    /// <summary>Of the command; its answer is unrouted, for there is no order service.</summary>
    private static Task<DeadLetter?> Find(ServiceReplica<BackofficeDbContext> desk) =>
        desk.Query(x => x.DeadLetters.AsNoTracking().SingleOrDefaultAsync(letter => letter.Endpoint == Endpoint));

    private static async Task Send(ServiceReplica<InventoryDbContext> inventory, ReserveStock command)
    {
        var endpoint = await inventory.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"exchange:{Endpoint}"));
        await endpoint.Send(command);
    }

    private static async Task Replay(ServiceReplica<BackofficeDbContext> desk)
    {
        var id = (await Only(desk)).Id;
        await using var scope = desk.Services.CreateAsyncScope();
        var outcome = await scope.ServiceProvider.GetRequiredService<Replay>().OneAsync(id, new OperatorDecision("ada", "mended"), CancellationToken.None);
        Assert.Null(outcome.Problem);
        Assert.NotNull(outcome.Letter);
    }
}
