namespace OrderSample.OrderService.DrivingOrder;

/// <summary>The saga's message to itself: the inventory has not answered a reservation.</summary>
/// <param name="OrderId">The order.</param>
public sealed record StockTimeoutExpired(Guid OrderId);

/// <summary>The saga's message to itself: the customer has not paid.</summary>
/// <param name="OrderId">The order.</param>
public sealed record PaymentTimeoutExpired(Guid OrderId);

/// <summary>The saga's message to itself: the inventory has not answered a commit.</summary>
/// <param name="OrderId">The order.</param>
public sealed record ConfirmTimeoutExpired(Guid OrderId);

/// <summary>The saga's message to itself: the inventory has not answered a release.</summary>
/// <param name="OrderId">The order.</param>
public sealed record ReleaseTimeoutExpired(Guid OrderId);
