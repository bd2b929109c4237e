using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace OrderSample.Services.Tests.Ordering;

public sealed class When_the_input_is_bad(OrderApi api) : IClassFixture<OrderApi>
{
    private const string Good = """
        {"orderId":"0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11",
         "customer":{"name":"Ada","email":"ada@example.org","phone":"+49 30 123"},
         "lines":[{"sku":"CUP","quantity":1,"unitPrice":1.5}]}
        """;

    public static TheoryData<string, string, string> BadOrders() => new()
    {
        { "lines", "[]", "lines" },
        { "lines", "null", "lines" },
        { "lines", "{}", "lines" },
        { "lines", "[null]", "lines[0]" },
        { "lines", Lines(101), "lines" },
        { "lines", """[{"sku":"CUP","quantity":1,"unitPrice":1},{"sku":"CUP","quantity":1,"unitPrice":1}]""", "lines[1].sku" },
        { "lines.0.sku", "\"\"", "lines[0].sku" },
        { "lines.0.sku", "null", "lines[0].sku" },
        { "lines.0.sku", "\"A B\"", "lines[0].sku" },
        { "lines.0.sku", "\"A\\u0000\"", "lines[0].sku" },
        { "lines.0.quantity", "0", "lines[0].quantity" },
        { "lines.0.quantity", "-1", "lines[0].quantity" },
        { "lines.0.quantity", "1001", "lines[0].quantity" },
        { "lines.0.quantity", "1.5", "lines[0].quantity" },
        { "lines.0.quantity", "\"1\"", "lines[0].quantity" },
        { "lines.0.quantity", "null", "lines[0].quantity" },
        { "lines.0.unitPrice", "-0.01", "lines[0].unitPrice" },
        { "lines.0.unitPrice", "1000000.01", "lines[0].unitPrice" },
        { "lines.0.unitPrice", "1.001", "lines[0].unitPrice" },
        { "lines.0.unitPrice", "1e99", "lines[0].unitPrice" },
        { "lines.0.unitPrice", "14.900000000000000000000000000001", "lines[0].unitPrice" },
        { "lines.0.unitPrice", "1e-400", "lines[0].unitPrice" },
        { "lines.0.unitPrice", "1e-99999999999999999999", "lines[0].unitPrice" },
        { "lines.0.unitPrice", "1e99999999999999999999", "lines[0].unitPrice" },
        { "lines.0.unitPrice", "null", "lines[0].unitPrice" },
        { "lines.0.colour", "\"red\"", "lines[0].colour" },
        { "customer", "null", "customer" },
        { "customer.name", "\" \"", "customer.name" },
        { "customer.name", "\"a\\r\\nb\"", "customer.name" },
        { "customer.email", "null", "customer.email" },
        { "customer.email", "\"ada\"", "customer.email" },
        { "customer.email", "\"ada@localhost\"", "customer.email" },
        { "customer.email", "\"a da@example.org\"", "customer.email" },
        { "customer.email", "\"ada@example.org\\r\\nBcc: eve@example.org\"", "customer.email" },
        { "customer.phone", "\"call me\"", "customer.phone" },
        { "orderId", "\"1\"", "orderId" },
        { "orderId", "\"00000000-0000-0000-0000-000000000000\"", "orderId" },
        { "discount", "1", "discount" },
    };

    [Theory]
    [MemberData(nameof(BadOrders))]
    public async Task The_answer_is_400_and_names_the_field(string path, string value, string field)
    {
        using var response = await api.PostAsync("/orders", With(path, value));
        await Problems.AssertNames(response, field);
    }

    [Fact]
    public async Task Every_bad_field_is_named_at_once()
    {
        using var response = await api.PostAsync("/orders",
            """{"customer":{"name":"","email":"x"},"lines":[{"sku":"CUP","quantity":0,"unitPrice":-1}]}""");
        await Problems.AssertNames(response, "customer.name", "customer.email", "lines[0].quantity", "lines[0].unitPrice");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{oops")]
    public async Task A_body_that_is_no_order_is_400(string body)
    {
        using var response = await api.PostAsync("/orders", body);
        await Problems.AssertNames(response, "");
    }

    [Fact]
    public async Task Another_content_type_is_415()
    {
        using var response = await api.PostAsync("/orders", Good, "text/plain");
        await Problems.AssertProblem(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("application/json; charset=\"no-such-charset\"")]
    [InlineData("application/json; charset=no-such-charset")]
    [InlineData("application/json; charset=utf-7")]
    public async Task An_unknown_charset_is_415(string contentType)
    {
        using var response = await api.PostBytesAsync("/orders", Encoding.UTF8.GetBytes(Good), contentType);
        await Problems.AssertProblem(response, HttpStatusCode.UnsupportedMediaType);
    }

    /// <summary>What it says was read, for it names what is wrong with that.</summary>
    [Theory]
    [InlineData("application/json; charset=\"utf-8\"", "utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"; version=1", "utf-8")]
    [InlineData("application/json; charset=utf-16", "utf-16")]
    [InlineData("application/json;charset=iso-8859-1", "iso-8859-1")]
    public async Task A_known_charset_is_read(string contentType, string encoding)
    {
        using var response = await api.PostBytesAsync("/orders", Encoding.GetEncoding(encoding).GetBytes(With("lines.0.quantity", "0")), contentType);
        await Problems.AssertNames(response, "lines[0].quantity");
    }

    /// <summary>The rest is wrong, and this is not named.</summary>
    [Theory]
    [InlineData("14.9")]
    [InlineData("14.90000000000000000000000000000000000000000")]
    [InlineData("1490e-2")]
    [InlineData("1.49E+1")]
    [InlineData("0e-400")]
    public async Task A_price_may_be_written_in_any_way(string price)
    {
        using var response = await api.PostAsync("/orders", $$"""{"customer":{"name":"Ada","email":"x"},"lines":[{"sku":"CUP","quantity":1,"unitPrice":{{price}}}]}""");
        await Problems.AssertNames(response, "customer.email");
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_413()
    {
        using var response = await api.PostAsync("/orders", With("customer.name", $"\"{new string('x', 65 * 1024)}\""));
        await Problems.AssertProblem(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("""{"amount":1}""", "paymentId")]
    [InlineData("""{"paymentId":"7","amount":1}""", "paymentId")]
    [InlineData("""{"paymentId":"00000000-0000-0000-0000-000000000000","amount":1}""", "paymentId")]
    [InlineData("""{"paymentId":"0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11"}""", "amount")]
    [InlineData("""{"paymentId":"0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11","amount":-1}""", "amount")]
    [InlineData("""{"paymentId":"0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11","amount":1.001}""", "amount")]
    [InlineData("""{"paymentId":"0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11","amount":"1"}""", "amount")]
    public async Task A_bad_payment_is_400(string body, string field)
    {
        using var response = await api.PostAsync($"/orders/{Guid.NewGuid()}/payments", body);
        await Problems.AssertNames(response, field);
    }

    [Theory]
    [InlineData("""{"reason":7}""")]
    [InlineData("""{"reason":"a\u0000b"}""")]
    public async Task A_bad_reason_is_400(string body)
    {
        using var response = await api.PostAsync($"/orders/{Guid.NewGuid()}/cancellation", body);
        await Problems.AssertNames(response, "reason");
    }

    [Theory]
    [InlineData("{}", "by", "reason")]
    [InlineData("""{"by":" ","reason":"a"}""", "by")]
    [InlineData("""{"by":"a"}""", "reason")]
    [InlineData("""{"by":"a","reason":"a\u0000b"}""", "reason")]
    [InlineData("""{"by":"a","reason":7}""", "reason")]
    [InlineData("", "")]
    public async Task A_decision_about_a_parked_order_says_who_and_why(string body, params string[] fields)
    {
        foreach (var action in new[] { "retry", "cancel" })
        {
            using var response = await api.PostAsync($"/orders/{Guid.NewGuid()}/attention/{action}", body);
            await Problems.AssertNames(response, fields);
        }
    }

    [Theory]
    [InlineData("/orders?limit=0", "limit")]
    [InlineData("/orders?limit=201", "limit")]
    [InlineData("/orders?limit=x", "limit")]
    [InlineData("/orders?status=Lost", "status")]
    [InlineData("/orders?status=1", "status")]
    [InlineData("/orders?after=x", "after")]
    [InlineData("/orders?search=", "search")]
    [InlineData("/orders?search=a", "search")]
    [InlineData("/orders?search=%20a%20", "search")]
    [InlineData("/orders?search=ada%00", "search")]
    [InlineData("/orders?from=yesterday", "from")]
    [InlineData("/orders?to=1.13.2026", "to")]
    [InlineData("/orders?from=2026-01-02T00:00:00Z&to=2026-01-02T01:00:00%2B01:00", "to")]
    [InlineData("/orders/counts?search=a", "search")]
    [InlineData("/orders/counts?from=x", "from")]
    [InlineData("/orders/x", "")]
    public async Task A_bad_question_is_400(string path, string field)
    {
        using var response = await api.Client.GetAsync(path);
        await Problems.AssertNames(response, field);
    }

    [Theory]
    [InlineData("/orders")]
    [InlineData("/orders/counts")]
    public async Task A_search_that_is_too_long_is_400(string path)
    {
        using var response = await api.Client.GetAsync($"{path}?search={new string('x', 101)}");
        await Problems.AssertNames(response, "search");
    }

    private static string Lines(int count) =>
        "[" + string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"sku":"S{{i}}","quantity":1,"unitPrice":1}""")) + "]";

    /// <summary>The good order with one value replaced or added.</summary>
    private static string With(string path, string value)
    {
        var order = JsonNode.Parse(Good)!;
        var steps = path.Split('.');
        var parent = steps[..^1].Aggregate(order, (node, step) => int.TryParse(step, out var index) ? node[index]! : node[step]!);
        parent[steps[^1]] = JsonNode.Parse(value);
        return order.ToJsonString();
    }
}
