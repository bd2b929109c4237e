using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(SystemCollection.Name)]
public sealed class BadInputIsRefused(OrderSystem system)
{
    /// <summary>Each case: what is done to a good order, and the field that the answer must name.</summary>
    public static TheoryData<string, string, string> BadOrders => new()
    {
        { "no lines", """ "lines": [] """, "lines" },
        { "missing lines", """ "lines": null """, "lines" },
        { "quantity 0", """ "lines": [{"sku":"A","quantity":0,"unitPrice":1}] """, "lines[0].quantity" },
        { "negative quantity", """ "lines": [{"sku":"A","quantity":-1,"unitPrice":1}] """, "lines[0].quantity" },
        { "quantity over 1,000", """ "lines": [{"sku":"A","quantity":1001,"unitPrice":1}] """, "lines[0].quantity" },
        { "fraction as quantity", """ "lines": [{"sku":"A","quantity":1.5,"unitPrice":1}] """, "lines[0].quantity" },
        { "negative price", """ "lines": [{"sku":"A","quantity":1,"unitPrice":-0.01}] """, "lines[0].unitPrice" },
        { "price over 1,000,000", """ "lines": [{"sku":"A","quantity":1,"unitPrice":1000000.01}] """, "lines[0].unitPrice" },
        { "three decimals", """ "lines": [{"sku":"A","quantity":1,"unitPrice":1.001}] """, "lines[0].unitPrice" },
        { "the same SKU twice", """ "lines": [{"sku":"A","quantity":1,"unitPrice":1},{"sku":"A","quantity":2,"unitPrice":1}] """, "lines[1].sku" },
        { "missing SKU", """ "lines": [{"quantity":1,"unitPrice":1}] """, "lines[0].sku" },
        { "text as quantity", """ "lines": [{"sku":"A","quantity":"1","unitPrice":1}] """, "lines[0].quantity" },
        { "lines as object", """ "lines": {} """, "lines" },
        { "malformed e-mail", """ "customer": {"name":"Ada","email":"not an address"} """, "customer.email" },
        { "missing e-mail", """ "customer": {"name":"Ada"} """, "customer.email" },
        { "missing name", """ "customer": {"email":"ada@example.com"} """, "customer.name" },
        { "missing customer", """ "customer": null """, "customer" },
        { "unknown field", """ "coupon": "FREE" """, "coupon" },
        { "order id that is no UUID", """ "orderId": "42" """, "orderId" },
    };

    [Theory]
    [MemberData(nameof(BadOrders))]
    public async Task When_an_order_has_a_fault_the_answer_names_the_field_and_nothing_is_stored(string fault, string change, string field)
    {
        var orderId = Guid.NewGuid();
        var order = JsonSerializer.SerializeToNode(Sample.Order("A", orderId: orderId))!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{{change}}}")!.AsObject().ToArray())
            order[name] = value?.DeepClone();

        using var response = await system.Orders.PostText(order.ToJsonString());

        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{fault}: {response.StatusCode}");
        var errors = (await Problem(response)).GetProperty("errors");
        Assert.True(errors.TryGetProperty(field, out _), $"{fault}: {errors} does not name {field}");
        await MustNotExist(orderId);
    }

    [Fact]
    public async Task When_there_are_more_than_100_lines_the_order_is_refused()
    {
        var orderId = Guid.NewGuid();
        using var response = await system.Orders.Post(new
        {
            orderId,
            customer = new { name = "Ada", email = "ada@example.com" },
            lines = Enumerable.Range(0, 101).Select(i => new { sku = $"A-{i}", quantity = 1, unitPrice = 1 }),
        });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True((await Problem(response)).GetProperty("errors").TryGetProperty("lines", out _));
        await MustNotExist(orderId);
    }

    [Theory]
    [InlineData("", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("customer=Ada", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task When_the_body_is_no_order_at_all_it_is_refused(string body, string contentType, HttpStatusCode expected)
    {
        using var response = await system.Orders.PostText(body, contentType);
        Assert.Equal(expected, response.StatusCode);
        await Problem(response);
    }

    [Fact]
    public async Task When_the_body_is_over_64_KiB_it_is_refused()
    {
        using var response = await system.Orders.Post(new { customer = new { name = new string('x', 65 * 1024) } });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        await Problem(response);
    }

    [Fact]
    public async Task When_another_order_uses_the_same_id_it_is_refused_and_the_first_one_stays()
    {
        var sku = await system.Inventory.NewProduct(onHand: 5);
        var orderId = Guid.NewGuid();
        var order = await system.Orders.Place(Sample.Order(sku, quantity: 1, orderId));

        using var other = await system.Orders.Post(Sample.Order(sku, quantity: 2, orderId));

        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        await Problem(other);
        Assert.Equal(order.Total, (await system.Orders.Get(orderId)).Total);
    }

    [Theory]
    [InlineData("/orders?limit=201")]
    [InlineData("/orders?limit=0")]
    [InlineData("/orders?limit=many")]
    [InlineData("/orders?status=Lost")]
    [InlineData("/orders?after=nonsense")]
    public async Task When_a_list_is_asked_for_wrongly_the_answer_says_so(string path)
    {
        using var response = await system.Orders.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await Problem(response);
    }

    private static async Task<JsonElement> Problem(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.Equal((int)response.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("title").GetString()));
        return problem;
    }

    private async Task MustNotExist(Guid orderId)
    {
        using var response = await system.Orders.Http.GetAsync($"/orders/{orderId}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
