using System.Diagnostics;
using OrderSample.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.EndToEnd.Tests;

[Collection(SystemCollection.Name)]
public sealed class AServiceIsBrokenOnPurpose(OrderSystem system, ITestOutputHelper output)
{
    private const int OnHand = 100;

    private const string Reservations = "inventory-reservations_error";

    [Fact]
    public async Task When_half_of_all_attempts_fail_everywhere_every_order_completes_and_nothing_is_done_twice()
    {
        string[] services = ["order-service", "inventory-service", "notification-service"];
        var sku = await system.Inventory.NewProduct(OnHand);
        foreach (var service in services)
            await new Chaos(system, service).Set(new { failureRate = 0.5 });
        try
        {
            var placed = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => system.Orders.Place(Sample.Order(sku, quantity: 2))));
            await Task.WhenAll(placed.Select(async order =>
            {
                await system.Orders.Reaches(order.OrderId, "AwaitingPayment");
                using var paid = await system.Orders.Pay(order.OrderId, order.Total);
                await system.Orders.Reaches(order.OrderId, "Completed");
                await system.Notifications.MustBe(order.OrderId, "OrderReserved", "OrderCompleted");
            }));
            await system.Inventory.MustBalance(sku, OnHand, completedQuantity: 10 * 2);
        }
        finally
        {
            foreach (var service in services)
                await new Chaos(system, service).Off();
        }
    }

    /// <summary>As README tells it. The saga asks again meanwhile, and that command fails as the first one did: a person has one case.</summary>
    [Fact]
    public async Task When_every_message_with_a_product_fails_others_pass_and_it_works_when_it_is_replayed_after_the_fix()
    {
        await using var chaos = new Chaos(system, "inventory-service");
        var (poison, other) = (await system.Inventory.NewProduct(OnHand), await system.Inventory.NewProduct(OnHand));
        await chaos.Set(new { failSku = poison });

        var clock = Stopwatch.StartNew();
        var failing = await system.Orders.Place(Sample.Order(poison, quantity: 2));
        var passing = await system.Orders.Place(Sample.Order(other, quantity: 2));
        await Completes(passing, other);

        var dead = await system.Backoffice.DeadLetter(Reservations, failing.OrderId.ToString());
        output.WriteLine($"Measured: a poisoned message is on the desk {clock.Elapsed.TotalSeconds:0.0} s after the order was placed");
        Assert.Equal($"The chaos switch makes every message with the SKU {poison} fail.", dead.Summary.ExceptionMessage);
        Assert.Equal(2, dead.Redeliveries);

        await system.Eventually("the saga's next command to fail, too", token => system.Backoffice.Get(dead.Summary.Id, token), letter => letter.Summary.Copies > 0);
        output.WriteLine($"Measured: the copy of a poisoned message is in its case {clock.Elapsed.TotalSeconds:0.0} s after");
        Assert.Contains((await system.Orders.Get(failing.OrderId)).Timeline, x => x.Event == "Resent");
        Assert.Equal([dead.Summary.Id], await Cases(failing));

        await chaos.Off();
        await system.Backoffice.MustReplay(dead.Summary.Id);
        await Completes(failing, poison);
        Assert.Equal([dead.Summary.Id], await Cases(failing));
    }

    /// <summary>Of the inventory it is an experiment of the Lab: <see cref="ExperimentsPass"/>.</summary>
    [Fact, Trait("Category", "Quick")]
    public async Task When_a_service_crashes_between_its_work_and_the_commit_the_order_completes_after_its_restart_and_nothing_is_done_twice()
    {
        const string service = "order-service";
        var sku = await system.Inventory.NewProduct(OnHand);
        await new Chaos(system, service).Set(new { crashOnSku = sku });

        var placed = await system.Orders.Place(Sample.Order(sku, quantity: 2));
        await system.HasEnded(service);
        var left = await system.SqlValue<long>("orders-db", """SELECT count(*) FROM "OrderStates" WHERE "CorrelationId" = $1 AND "TimeoutToken" IS NOT NULL""", placed.OrderId);
        // With its switch off, as configured.
        await system.Start(service);

        Assert.Equal(0, left);
        await Completes(placed, sku);
        await system.Eventually("the desk to know of the second delivery", _ => system.SqlValue<long>("backoffice-db",
            """SELECT count(*) FROM "DeliveryRepetitions" WHERE "OrderId" = $1 AND "Cause" = 'Unacknowledged' AND "Deliveries" = 2""", placed.OrderId), count => count > 0);
    }

    /// <summary>The dead letters of an order's commands to the inventory.</summary>
    private async Task<long[]> Cases(PlacedOrder placed)
    {
        var letters = await Task.WhenAll((await system.Backoffice.DeadLetters(Reservations)).Select(letter => system.Backoffice.Get(letter.Id)));
        return [.. letters.Where(letter => letter.Body.Contains($"{placed.OrderId}", StringComparison.Ordinal)).Select(letter => letter.Summary.Id)];
    }

    private async Task Completes(PlacedOrder placed, string sku)
    {
        await system.Orders.Reaches(placed.OrderId, "AwaitingPayment");
        using (var paid = await system.Orders.Pay(placed.OrderId, placed.Total))
            Assert.True(paid.IsSuccessStatusCode, $"{paid.StatusCode}");
        await system.Orders.Reaches(placed.OrderId, "Completed");
        await system.Inventory.MustBalance(sku, OnHand, completedQuantity: 2);
        await system.Notifications.MustBe(placed.OrderId, "OrderReserved", "OrderCompleted");
    }
}
