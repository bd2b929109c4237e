using System.ComponentModel.DataAnnotations;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>Body of <c>POST /orders</c>. It can be read without what is required, so that one answer names all that is missing.</summary>
/// <param name="OrderId">Idempotency key; made by the service when missing.</param>
/// <param name="Customer">Who orders.</param>
/// <param name="Lines">What is ordered.</param>
public sealed record SubmitOrderRequest(Guid? OrderId, [property: Required] CustomerRequest? Customer, [property: Required] IReadOnlyList<LineRequest?>? Lines);

/// <summary>Who orders.</summary>
/// <param name="Name">At most 200 characters.</param>
/// <param name="Email">Where notifications go.</param>
/// <param name="Phone">Where text messages go; may be missing.</param>
public sealed record CustomerRequest([property: Required] string? Name, [property: Required] string? Email, string? Phone);

/// <summary>One ordered product.</summary>
/// <param name="Sku">Stock keeping unit. One that the inventory doesn't know is a valid order, which ends rejected.</param>
/// <param name="Quantity">Pieces, 1 to 1,000.</param>
/// <param name="UnitPrice">0 to 1,000,000 with at most two decimals.</param>
public sealed record LineRequest([property: Required] string? Sku, [property: Required] int? Quantity, [property: Required] decimal? UnitPrice);
