using OrderSample.Contracts.Ordering;
using OrderSample.OrderService.Data;

namespace OrderSample.Services.Tests.Ordering;

public sealed class When_an_order_id_is_used_again
{
    private static readonly OrderLine Cup = new("CUP", 2, 1.50m);
    private static readonly OrderLine Pot = new("POT", 1, 20m);
    private static readonly Customer Ada = new("Ada", "ada@example.org", null);

    [Fact]
    public void The_same_lines_in_another_sequence_are_the_same_order() =>
        Assert.True(Order(Ada, Cup, Pot).HasSameContentAs(Order(Ada, Pot, Cup)));

    [Fact]
    public void Zeros_at_the_end_of_a_price_make_no_difference() =>
        Assert.True(Order(Ada, Cup).HasSameContentAs(Order(Ada, Cup with { UnitPrice = 1.5m })));

    [Fact]
    public void Another_quantity_price_sku_line_or_customer_is_another_order()
    {
        var order = Order(Ada, Cup, Pot);
        Assert.False(order.HasSameContentAs(Order(Ada, Cup with { Quantity = 3 }, Pot)));
        Assert.False(order.HasSameContentAs(Order(Ada, Cup with { UnitPrice = 1.51m }, Pot)));
        Assert.False(order.HasSameContentAs(Order(Ada, Cup with { Sku = "cup" }, Pot)));
        Assert.False(order.HasSameContentAs(Order(Ada, Cup)));
        Assert.False(order.HasSameContentAs(Order(Ada with { Phone = "123" }, Cup, Pot)));
    }

    private static Order Order(Customer customer, params OrderLine[] lines) =>
        new() { OrderId = Guid.NewGuid(), Customer = customer, Lines = lines, Total = 0, SubmittedAt = DateTimeOffset.UnixEpoch };
}
