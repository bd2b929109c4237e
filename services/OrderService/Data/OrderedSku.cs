using OrderSample.Contracts.Ordering;

namespace OrderSample.OrderService.Data;

/// <summary>That an order asks for a product: what a search for the product finds, newest first. Stored with the order, never changed.</summary>
/// <remarks>It points to its order without a foreign key: both are one transaction, and the check would be one more for each line.</remarks>
public sealed class OrderedSku
{
    /// <summary>Longest SKU, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>The product, in lower case.</summary>
    public required string Sku { get; init; }

    /// <summary>When the order was stored, UTC.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>The order.</summary>
    public required Guid OrderId { get; init; }

    /// <summary>All products of an order.</summary>
    /// <param name="order">The order.</param>
    public static IEnumerable<OrderedSku> Of(Order order)
    {
        ArgumentNullException.ThrowIfNull(order);
        return order.Lines.Select(line => line.Sku.ToLowerInvariant()).Distinct()
            .Select(sku => new OrderedSku { Sku = sku, SubmittedAt = order.SubmittedAt, OrderId = order.OrderId });
    }
}
