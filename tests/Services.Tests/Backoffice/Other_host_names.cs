using System.Net;
using OrderSample.Services.Tests.Ordering;

namespace OrderSample.Services.Tests.Backoffice;

public sealed class Other_host_names(BackofficeHost backoffice, OrderApi orders) : IClassFixture<BackofficeHost>, IClassFixture<OrderApi>
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example:80")]
    [InlineData("10.0.0.1")]
    public async Task Are_refused(string host) =>
        Assert.All(await Task.WhenAll(Ask(backoffice.Client, host), Ask(orders.Client, host)), answer => Assert.Equal(HttpStatusCode.BadRequest, answer));

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:5101")]
    [InlineData("127.0.0.1:1")]
    [InlineData("[::1]:1")]
    public async Task Of_this_machine_are_taken(string host) =>
        Assert.All(await Task.WhenAll(Ask(backoffice.Client, host), Ask(orders.Client, host)), answer => Assert.Equal(HttpStatusCode.OK, answer));

    private static async Task<HttpStatusCode> Ask(HttpClient service, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Host = host;
        using var response = await service.SendAsync(request);
        return response.StatusCode;
    }
}
