using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OrderSample.Services.Tests.Ordering;

namespace OrderSample.Services.Tests.Chaos;

public sealed class The_switch_over_http : IAsyncLifetime
{
    private readonly OrderApi _api = new() { Settings = { ["Chaos:Enabled"] = "true", ["Chaos:FailureRate"] = "0.25" } };

    public Task InitializeAsync() => _api.InitializeAsync();

    public Task DisposeAsync() => _api.DisposeAsync().AsTask();

    [Fact]
    public async Task Starts_as_configured_and_keeps_what_it_is_set_to()
    {
        Assert.Equal("""{"failureRate":0.25,"delayMs":0}""", await _api.Client.GetStringAsync("/chaos"));

        using var set = await Put("""{"delayMs":20,"failSku":"KETTLE","crashOnSku":"MUG"}""");

        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal("""{"failureRate":0,"delayMs":20,"failSku":"KETTLE","crashOnSku":"MUG"}""", await _api.Client.GetStringAsync("/chaos"));
    }

    [Theory]
    [InlineData("""{"failureRate":1.01}""", "failureRate")]
    [InlineData("""{"failureRate":-0.1}""", "failureRate")]
    [InlineData("""{"failureRate":1e999}""", "failureRate")]
    [InlineData("""{"failureRate":"0.5"}""", "failureRate")]
    [InlineData("""{"delayMs":600001}""", "delayMs")]
    [InlineData("""{"delayMs":-1}""", "delayMs")]
    [InlineData("""{"failSku":""}""", "failSku")]
    [InlineData("""{"crashOnSku":""}""", "crashOnSku")]
    [InlineData("""{"failuresRate":1}""", "failuresRate")]
    public async Task Refuses_what_is_out_of_range_and_names_the_field(string body, string field)
    {
        using var refused = await Put(body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
        Assert.Equal("""{"failureRate":0.25,"delayMs":0}""", await _api.Client.GetStringAsync("/chaos"));
    }

    [Fact]
    public async Task Is_not_there_unless_it_is_enabled()
    {
        var plain = new OrderApi();
        await plain.InitializeAsync();
        try
        {
            using var response = await plain.Client.GetAsync("/chaos");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
        finally
        {
            await plain.DisposeAsync();
        }
    }

    [Fact]
    public async Task Refuses_to_start_with_settings_that_are_out_of_range()
    {
        var api = new OrderApi { Settings = { ["Chaos:Enabled"] = "true", ["Chaos:DelayMs"] = "-5" } };

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(api.InitializeAsync);

        Assert.Contains("Chaos:delayMs must be 0 to 600000", refused.Message, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> Put(string body) =>
        _api.Client.PutAsync("/chaos", new StringContent(body, Encoding.UTF8, "application/json"));
}
