using System.Text.Json.Nodes;
using OrderSample.Backoffice.Console.Components;
using OrderSample.Backoffice.Console.Desk;

namespace OrderSample.Services.Tests.Backoffice;

public sealed class Dead_letters_shown
{
    [Theory]
    [InlineData("OrderSample.Contracts.Inventory.Commands:ReserveStock", "ReserveStock")]
    [InlineData("System.InvalidOperationException", "InvalidOperationException")]
    [InlineData("Plain", "Plain")]
    [InlineData("odd.", "odd.")]
    public void A_type_is_known_by_its_last_name(string name, string shown) => Assert.Equal(shown, TypeName.Short(name));

    [Fact]
    public void A_body_of_json_is_laid_out_and_keeps_its_letters() =>
        Assert.Equal("{\n  \"name\": \"Zoë & co\"\n}", MessageBody.Parts("""{"name":"Zoë & co"}""").Message.ReplaceLineEndings("\n"));

    [Fact]
    public void Of_an_envelope_the_message_is_shown_first() =>
        Assert.Equal(("{\n  \"orderId\": 1\n}", "{\n  \"messageType\": [],\n  \"sentTime\": 2\n}"), Parts("""{"messageType":[],"message":{"orderId":1},"sentTime":2}"""));

    [Theory]
    [InlineData("no json")]
    [InlineData("")]
    [InlineData("{\"cut")]
    [InlineData("{\"message\":1,\"message\":2}")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"messageType\":[],\"message\":{\"name\":\"\\ud800\"}}")]
    public void Any_other_body_is_shown_as_it_is(string body) => Assert.Equal((body, null), MessageBody.Parts(body));

    private static (string, string?) Parts(string body) => MessageBody.Parts(body) is var (message, envelope) ? (message.ReplaceLineEndings("\n"), envelope?.ReplaceLineEndings("\n")) : default;

    [Theory]
    [InlineData("\"text\"", "text")]
    [InlineData("{\"int32\":\"5\"}", "5")]
    [InlineData("true", "true")]
    [InlineData("null", "")]
    public void A_header_is_shown_without_its_type(string stored, string shown) => Assert.Equal(shown, HeaderText.Of(JsonNode.Parse(stored)));

    [Fact]
    public void A_header_with_tables_is_laid_out_without_their_types()
    {
        var stored = JsonNode.Parse("""{"list":[{"table":{"queue":"order-saga","count":{"int64":"2"}}}]}""");

        Assert.Equal("""[{"queue":"order-saga","count":"2"}]""", JsonNode.Parse(HeaderText.Of(stored))!.ToJsonString());
    }
}
