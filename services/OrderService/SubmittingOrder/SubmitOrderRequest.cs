namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>Body of <c>POST /orders</c>. Everything may be missing here, so that all that is can be said at once.</summary>
/// <param name="OrderId">Idempotency key; made by the service when missing.</param>
/// <param name="Customer">Who orders.</param>
/// <param name="Lines">What is ordered.</param>
public sealed record SubmitOrderRequest(Guid? OrderId, CustomerRequest? Customer, IReadOnlyList<LineRequest?>? Lines);

/// <summary>Who orders.</summary>
/// <param name="Name">At most 200 characters.</param>
/// <param name="Email">Where notifications go.</param>
/// <param name="Phone">Where text messages go; may be missing.</param>
public sealed record CustomerRequest(string? Name, string? Email, string? Phone);

/// <summary>One ordered product.</summary>
/// <param name="Sku">Stock keeping unit. One that the inventory doesn't know is a valid order, which ends rejected.</param>
/// <param name="Quantity">Pieces, 1 to 1,000.</param>
/// <param name="UnitPrice">0 to 1,000,000 with at most two decimals.</param>
public sealed record LineRequest(string? Sku, int? Quantity, decimal? UnitPrice);
