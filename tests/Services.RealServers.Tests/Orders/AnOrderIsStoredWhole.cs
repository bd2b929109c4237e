using System.Net;
using System.Net.Http.Json;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;

namespace OrderSample.Services.RealServers.Tests.Orders;

/// <summary>What a request stores is one transaction, also where no BEGIN and COMMIT say so: the row that EF Core sends last is refused.</summary>
[Collection(ServersCollection.Name)]
public sealed class AnOrderIsStoredWhole(TestServers servers)
{
    private const int MostLines = 100;

    /// <summary>Of as many lines that all rows are more than fit into one batch of EF Core.</summary>
    private const int ManyOrders = 15;

    [Fact]
    public async Task Or_not_at_all_when_its_message_is_refused()
    {
        await using var service = ServiceReplicas.StartOrders(await servers.NewPlace());
        using var http = service.CreateClient();
        var order = Order(Guid.NewGuid());
        await Refuse(service, "OutboxMessage", "\"Body\" LIKE '%OrderSubmitted%'");

        Assert.Equal(HttpStatusCode.InternalServerError, (await http.PostAsJsonAsync("/orders", order)).StatusCode);
        Assert.Equal(0, await CountRows(service));

        await Accept(service);
        Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsJsonAsync("/orders", order)).StatusCode);
        Assert.Equal(MostLines + 2, await CountRows(service));
        Assert.Equal(1, await CountTransactions(service));
    }

    [Fact]
    public async Task And_so_is_a_payment()
    {
        await using var service = ServiceReplicas.StartOrders(await servers.NewPlace());
        using var http = service.CreateClient();
        var id = Guid.NewGuid();
        Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsJsonAsync("/orders", Order(id))).StatusCode);
        var payment = new { paymentId = Guid.NewGuid(), amount = MostLines };
        await Refuse(service, "Payments");

        Assert.Equal(HttpStatusCode.InternalServerError, (await http.PostAsJsonAsync($"/orders/{id}/payments", payment)).StatusCode);
        Assert.Equal(0, await service.Query(x => x.Payments.CountAsync()));
        Assert.Equal(0, await CountMessages(service, "PaymentReceived"));

        await Accept(service, "Payments");
        Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsJsonAsync($"/orders/{id}/payments", payment)).StatusCode);
        Assert.Equal(1, await service.Query(x => x.Payments.CountAsync()));
    }

    [Fact]
    public async Task And_so_are_many_orders_that_do_not_fit_into_one_batch()
    {
        await using var service = ServiceReplicas.StartOrders(await servers.NewPlace());
        using var http = service.CreateClient();
        Guid[] ids = [.. Enumerable.Range(0, ManyOrders).Select(_ => Guid.NewGuid())];
        var request = new { orders = ids.Select(Order) };
        await Refuse(service, "OutboxMessage", $"\"Body\" LIKE '%{ids[^1]}%'");

        Assert.Equal(HttpStatusCode.InternalServerError, (await http.PostAsJsonAsync("/orders/batch", request)).StatusCode);
        Assert.Equal(0, await CountRows(service));

        await Accept(service);
        Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsJsonAsync("/orders/batch", request)).StatusCode);
        Assert.Equal(ManyOrders * (MostLines + 2), await CountRows(service));
        Assert.Equal(1, await CountTransactions(service));
    }

    private static object Order(Guid id) => new
    {
        orderId = id,
        customer = new { name = "Ada", email = "ada@example.org" },
        lines = Enumerable.Range(0, MostLines).Select(i => new { sku = $"SKU-{i:000}", quantity = 1, unitPrice = 1m }),
    };

    [Fact]
    public async Task And_a_payment_is_stored_again_at_once_when_a_deadlock_has_undone_it()
    {
        await using var service = ServiceReplicas.StartOrders(await servers.NewPlace());
        using var http = service.CreateClient();
        var id = Guid.NewGuid();
        Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsJsonAsync("/orders", Order(id))).StatusCode);
        await service.Query(x => x.Database.ExecuteSqlRawAsync("CREATE SEQUENCE tries"));
        await Refuse(service, "Payments", "nextval('tries') <= 2", sqlState: "40P01");

        Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsJsonAsync($"/orders/{id}/payments", new { paymentId = Guid.NewGuid(), amount = MostLines })).StatusCode);
        Assert.Equal(1, await service.Query(x => x.Payments.CountAsync()));
    }

    /// <summary>Refuses rows that are inserted into a table.</summary>
    /// <param name="service">Whose.</param>
    /// <param name="table">The table.</param>
    /// <param name="condition">Of the row NEW; what refers to a column begins with its name.</param>
    /// <param name="sqlState">What the database says.</param>
    private static Task<int> Refuse(ServiceReplica<OrderDbContext> service, string table, string condition = "true", string sqlState = "P0001") =>
        service.Query(x => x.Database.ExecuteSqlRawAsync("""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF the_condition THEN RAISE EXCEPTION 'made for a test' USING ERRCODE = 'the_state'; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON "the_table" FOR EACH ROW EXECUTE FUNCTION refuse()
            """
            .Replace("the_condition", condition.StartsWith('"') ? $"NEW.{condition}" : condition, StringComparison.Ordinal)
            .Replace("the_table", table, StringComparison.Ordinal).Replace("the_state", sqlState, StringComparison.Ordinal)));

    private static Task<int> Accept(ServiceReplica<OrderDbContext> service, string table = "OutboxMessage") =>
        service.Query(x => x.Database.ExecuteSqlRawAsync("""DROP TRIGGER refuse ON "the_table"; DROP FUNCTION refuse()""".Replace("the_table", table, StringComparison.Ordinal)));

    private static Task<int> CountMessages(ServiceReplica<OrderDbContext> service, string text) =>
        service.Query(x => x.Set<OutboxMessage>().CountAsync(message => message.Body.Contains(text)));

    /// <summary>Of the ledger, the search and the sagas.</summary>
    private static Task<int> CountRows(ServiceReplica<OrderDbContext> service) =>
        service.Query(async x => await x.Orders.CountAsync() + await x.OrderedSkus.CountAsync() + await x.OrderStates.CountAsync());

    /// <summary>That have written rows of the ledger and the search, which are never changed.</summary>
    private static Task<int> CountTransactions(ServiceReplica<OrderDbContext> service) => service.Query(x => x.Database.SqlQuery<int>($"""
        SELECT count(DISTINCT id)::int AS "Value" FROM (SELECT xmin::text AS id FROM "Orders" UNION SELECT xmin::text FROM "OrderedSkus") AS rows
        """).SingleAsync());
}
