using System.Net.Http.Json;
using System.Text.Json;

namespace OrderSample.Services.Tests.Ordering;

public sealed class The_open_api_document(OrderApi api) : IClassFixture<OrderApi>
{
    [Fact]
    public async Task Says_that_a_price_is_a_number()
    {
        var document = await api.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        var price = document.GetProperty("components").GetProperty("schemas").GetProperty("LineRequest").GetProperty("properties").GetProperty("unitPrice");
        Assert.Equal(["null", "number"], price.GetProperty("type").EnumerateArray().Select(x => x.GetString()).Order());
        Assert.Equal("double", price.GetProperty("format").GetString());
    }

    [Fact]
    public async Task Says_what_a_batch_is_answered_and_how_large_it_may_be()
    {
        var document = await api.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        var batch = document.GetProperty("paths").GetProperty("/orders/batch").GetProperty("post");
        Assert.Equal(["202", "400", "409", "413", "415", "429"], batch.GetProperty("responses").EnumerateObject().Select(x => x.Name).Order());
        Assert.Contains("500 orders in at most 8 MiB", batch.GetProperty("description").GetString(), StringComparison.Ordinal);
    }
}
