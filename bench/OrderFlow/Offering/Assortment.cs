using OrderSample.Bench.Running;

namespace OrderSample.Bench.Offering;

/// <summary>What can be ordered: enough products that orders seldom wait for each other's rows, and more stock than any run sells.</summary>
internal static class Assortment
{
    public const decimal UnitPrice = 12.50m;
    private const int Products = 200;
    private const int OnHand = 1_000_000_000;
    public const int LinesOfAnOrder = 2;

    public static Task Stock(SystemUnderTest system, CancellationToken cancellationToken) =>
        system.Execute("inventory-db", """
            INSERT INTO "Products" ("Sku", "Name", "OnHand", "Reserved") SELECT 'BENCH-' || n, 'Product ' || n, $2, 0 FROM generate_series(0, $1 - 1) AS n
            """, cancellationToken, Products, OnHand);

    /// <summary>An order of two different products.</summary>
    public static object Order(Guid orderId)
    {
        var first = Random.Shared.Next(Products);
        return new
        {
            orderId,
            customer = new { name = "Ada Lovelace", email = "ada@example.com", phone = "+49 30 1234567" },
            lines = Enumerable.Range(first, LinesOfAnOrder).Select(n => new { sku = $"BENCH-{n % Products}", quantity = 1, unitPrice = UnitPrice }),
        };
    }

    public static decimal Total => LinesOfAnOrder * UnitPrice;
}
