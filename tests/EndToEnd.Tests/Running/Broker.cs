using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
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

    /// <summary>Takes the messages out of a queue, acknowledged.</summary>
    public async Task<QueuedMessage[]> Take(string queue)
    {
        using var response = await _http.PostAsJsonAsync($"api/queues/%2F/{queue}/get", new { count = 100, ackmode = "ack_requeue_false", encoding = "auto" });
        return response.StatusCode == HttpStatusCode.NotFound ? [] : (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<QueuedMessage[]>())!;
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>A message as the management interface shows it.</summary>
internal sealed record QueuedMessage(string Payload, QueuedProperties Properties);

internal sealed record QueuedProperties(Dictionary<string, JsonElement> Headers);
