using MassTransit;

namespace OrderSample.OrderService.DrivingOrder;

/// <summary>Names the saga's endpoint; everything else is the same for all endpoints.</summary>
public sealed class OrderSagaDefinition : SagaDefinition<OrderState>
{
    /// <summary>The queue of everything that moves an order on.</summary>
    public const string Queue = "order-saga";

    /// <summary>Creates the definition.</summary>
    public OrderSagaDefinition() => EndpointName = Queue;
}
