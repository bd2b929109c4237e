namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>Orders as a client would send them.</summary>
internal static class Sample
{
    public const decimal UnitPrice = 12.50m;

    public static object Order(string sku, int quantity = 1, Guid? orderId = null) => new
    {
        orderId = orderId ?? Guid.NewGuid(),
        customer = new { name = "Ada Lovelace", email = "ada@example.com" },
        lines = new[] { new { sku, quantity, unitPrice = UnitPrice } },
    };
}
