using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using OrderSample.OrderService.SubmittingOrder;

namespace OrderSample.Services.Tests.Ordering;

public sealed class When_a_batch_is_bad(OrderApi api) : IClassFixture<OrderApi>
{
    private const string Good = """{"customer":{"name":"Ada","email":"ada@example.org"},"lines":[{"sku":"CUP","quantity":1,"unitPrice":1.5}]}""";
    private const string NoQuantity = """{"customer":{"name":"Ada","email":"ada@example.org"},"lines":[{"sku":"CUP","quantity":0,"unitPrice":1.5}]}""";
    private const string WithId = """{"orderId":"0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11","customer":{"name":"Ada","email":"ada@example.org"},"lines":[{"sku":"CUP","quantity":1,"unitPrice":1.5}]}""";

    public static TheoryData<string, string[]> BadBatches() => new()
    {
        { "{}", ["orders"] },
        { """{"orders":null}""", ["orders"] },
        { """{"orders":[]}""", ["orders"] },
        { """{"orders":{}}""", ["orders"] },
        { Batch([.. Enumerable.Repeat(Good, 501)]), ["orders"] },
        { Batch(Good, "null", NoQuantity), ["orders[1]", "orders[2].lines[0].quantity"] },
        { Batch(Good, Good, Good, NoQuantity), ["orders[3].lines[0].quantity"] },
        { Batch("""{"lines":[]}""", Good, """{"customer":{},"lines":[null]}"""), ["orders[0].customer", "orders[0].lines", "orders[2].customer.name", "orders[2].customer.email", "orders[2].lines[0]"] },
        { Batch(WithId, Good, WithId), ["orders[2].orderId"] },
        { Batch(Good, Good.Replace("1.5", "\"1.5\"", StringComparison.Ordinal)), ["orders[1].lines[0].unitPrice"] },
        { """{"orders":[],"dryRun":true}""", ["dryRun"] },
        { "[]", [""] },
        { "{oops", [""] },
    };

    [Theory]
    [MemberData(nameof(BadBatches))]
    public async Task The_answer_is_400_and_names_each_field_by_the_orders_index(string body, string[] fields)
    {
        using var response = await api.PostAsync("/orders/batch", body);
        await Problems.AssertNames(response, fields);
    }

    [Fact]
    public async Task A_body_over_8_MiB_is_413()
    {
        // Asks before it sends the body: a server that refuses does not read it, and the connection would break under the sender.
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        using var client = new HttpClient(handler) { BaseAddress = api.Client.BaseAddress, DefaultRequestHeaders = { ExpectContinue = true } };
        using var body = new StringContent(new string(' ', SubmitBatchEndpoint.MaxBodySize + 1), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/orders/batch", body);
        await Problems.AssertProblem(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public void The_most_orders_with_the_most_lines_are_a_batch_that_fits()
    {
        var line = new LineRequest(null, SubmitOrderValidation.MaxQuantity, SubmitOrderValidation.MaxUnitPrice - 0.01m);
        var order = new SubmitOrderRequest(null, new CustomerRequest(new string('ö', 200), $"{new string('a', 242)}@example.org", new string('1', 31)),
            [.. Enumerable.Range(0, SubmitOrderValidation.MaxLines).Select(i => line with { Sku = i.ToString("D64", CultureInfo.InvariantCulture) })]);
        var batch = new SubmitBatchRequest([.. Enumerable.Range(0, SubmitBatchEndpoint.MaxOrders).Select(_ => order with { OrderId = Guid.NewGuid() })]);

        Assert.Empty(SubmitBatchEndpoint.Validate(batch).ByField);
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(batch, JsonSerializerOptions.Web).Length, 1, SubmitBatchEndpoint.MaxBodySize);
    }

    private static string Batch(params string[] orders) => $$"""{"orders":[{{string.Join(',', orders)}}]}""";
}
