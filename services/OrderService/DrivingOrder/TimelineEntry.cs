namespace OrderSample.OrderService.DrivingOrder;

/// <summary>One thing that happened to an order.</summary>
/// <param name="At">When the saga took note of it, UTC.</param>
/// <param name="Event">What happened.</param>
/// <param name="Detail">What else there is to say.</param>
public sealed record TimelineEntry(DateTimeOffset At, string Event, string? Detail);
