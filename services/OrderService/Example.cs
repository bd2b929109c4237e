using OrderSample.OrderService.Data;
using OrderSample.OrderService.SubmittingOrder;

namespace OrderSample.OrderService;

/// <summary>The order that all examples of the OpenAPI document are about, so that they can be tried one after the other.</summary>
internal static class Example
{
    public static readonly DateTimeOffset Time = new(2026, 11, 23, 9, 30, 0, TimeSpan.Zero);

    public static readonly Guid PaymentId = new("22222222-2222-2222-2222-222222222222");

    public static readonly SubmitOrderRequest Request = new(
        new Guid("11111111-1111-1111-1111-111111111111"), new CustomerRequest("Ada Lovelace", "ada@example.com", "+44 20 7946 0000"), [new LineRequest("KETTLE", 2, 14.90m)]);

    public static readonly Order Order = OrderSubmission.ToOrder(Request, Time);

    public static readonly string Location = $"/orders/{Order.OrderId}";

    /// <summary>A request that breaks a rule.</summary>
    public static readonly SubmitOrderRequest BadRequest = Request with { Lines = [new LineRequest("KETTLE", 0, 14.90m)] };
}
