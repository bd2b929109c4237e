using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>The broker's management interface, as its administrator sees it.</summary>
internal sealed class Broker : IDisposable
{
    private readonly HttpClient _http;

    private Broker(HttpClient http) => _http = http;

    public static async Task<Broker> Of(DistributedApplication app)
    {
        var http = app.CreateHttpClient("rabbitmq", "management");
        var address = new Uri((await app.GetConnectionStringAsync("rabbitmq"))!);
        http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        return new Broker(http);
    }

    /// <summary>Nothing that is sent to the queue's exchange reaches the queue any more.</summary>
    public async Task Unbind(string queue)
    {
        using var response = await _http.DeleteAsync($"api/bindings/%2F/e/{queue}/q/{queue}/~");
        response.EnsureSuccessStatusCode();
    }

    public async Task Bind(string queue)
    {
        using var response = await _http.PostAsJsonAsync($"api/bindings/%2F/e/{queue}/q/{queue}", new { routing_key = "" });
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
