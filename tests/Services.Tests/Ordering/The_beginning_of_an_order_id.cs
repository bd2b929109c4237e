using OrderSample.OrderService.ReadingOrders;

namespace OrderSample.Services.Tests.Ordering;

public sealed class The_beginning_of_an_order_id
{
    [Theory]
    [InlineData("0b", "0b000000-0000-0000-0000-000000000000", "0bffffff-ffff-ffff-ffff-ffffffffffff", "0b")]
    [InlineData("0b4a2f9a", "0b4a2f9a-0000-0000-0000-000000000000", "0b4a2f9a-ffff-ffff-ffff-ffffffffffff", "0b4a2f9a-")]
    [InlineData("0b4a2f9a4f", "0b4a2f9a-4f00-0000-0000-000000000000", "0b4a2f9a-4fff-ffff-ffff-ffffffffffff", "0b4a2f9a-4f")]
    [InlineData("0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11", "0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11", "0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11", "0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11")]
    public void Is_all_ids_from_one_to_another(string text, string first, string last, string written)
    {
        var prefix = OrderIdPrefix.Parse(text)!.Value;

        Assert.Equal((Guid.Parse(first), Guid.Parse(last)), (prefix.First, prefix.Last));
        Assert.Equal(written, prefix.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("kettle")]
    [InlineData("0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b110")]
    public void Is_none_where_no_id_begins_so(string text) => Assert.Null(OrderIdPrefix.Parse(text));
}
