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
    /// <summary>The default exchange, as the management interface calls it: it leads to the queue that the routing key names.</summary>
    public const string DefaultExchange = "amq.default";

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

    public async Task Bind(string exchange, string queue)
    {
        using var response = await _http.PostAsJsonAsync($"api/bindings/%2F/e/{exchange}/q/{queue}", new { routing_key = "" });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Deletes an exchange with its bindings, if it is there.</summary>
    public async Task DeleteExchange(string exchange)
    {
        using var response = await _http.DeleteAsync($"api/exchanges/%2F/{exchange}");
        if (response.StatusCode != HttpStatusCode.NotFound)
            response.EnsureSuccessStatusCode();
    }

    /// <summary>Makes a durable quorum queue.</summary>
    public async Task Declare(string queue, params (string Name, object Value)[] arguments)
    {
        var all = arguments.Append(("x-queue-type", "quorum")).ToDictionary(x => x.Item1, x => x.Item2);
        using var response = await _http.PutAsJsonAsync($"api/queues/%2F/{queue}", new { durable = true, auto_delete = false, arguments = all });
        response.EnsureSuccessStatusCode();
    }

    public async Task DeclareFanout(string exchange, params (string Name, object Value)[] arguments)
    {
        var all = arguments.ToDictionary(x => x.Name, x => x.Value);
        using var response = await _http.PutAsJsonAsync($"api/exchanges/%2F/{exchange}", new { type = "fanout", durable = true, auto_delete = false, arguments = all });
        response.EnsureSuccessStatusCode();
    }

    public async Task Publish(string exchange, string routingKey, byte[] body, string? messageId, Dictionary<string, object>? headers = null)
    {
        var properties = new Dictionary<string, object> { ["delivery_mode"] = 2, ["headers"] = headers ?? [] };
        if (messageId is not null)
            properties["message_id"] = messageId;
        using var response = await _http.PostAsJsonAsync($"api/exchanges/%2F/{exchange}/publish",
            new { properties, routing_key = routingKey, payload = Convert.ToBase64String(body), payload_encoding = "base64" });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Publishes to a queue until it refuses.</summary>
    public async Task Fill(string queue)
    {
        var (status, message) = (HttpStatusCode.OK, new { properties = new { }, routing_key = queue, payload = "filler", payload_encoding = "string" });
        for (var i = 0; status == HttpStatusCode.OK; i++)
        {
            Assert.True(i < 1_000, $"{queue} takes everything");
            using var response = await _http.PostAsJsonAsync($"api/exchanges/%2F/{DefaultExchange}/publish", message);
            status = response.StatusCode;
        }
    }

    /// <summary>Takes the messages out of a queue, acknowledged.</summary>
    public async Task<QueuedMessage[]> Take(string queue)
    {
        using var response = await _http.PostAsJsonAsync($"api/queues/%2F/{queue}/get", new { count = 100, ackmode = "ack_requeue_false", encoding = "auto" });
        return response.StatusCode == HttpStatusCode.NotFound ? [] : (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<QueuedMessage[]>())!;
    }

    /// <summary>How many messages a queue holds, with those that are not acknowledged yet, as of the broker's last look.</summary>
    public async Task<int> Count(string queue) => (await _http.GetFromJsonAsync<QueueDepth>($"api/queues/%2F/{queue}"))!.Messages;

    /// <summary>Asks how many messages of a queue are with a consumer.</summary>
    public Func<CancellationToken, Task<int>> Unacknowledged(string queue) => async token =>
        (await _http.GetFromJsonAsync<JsonElement>($"api/queues/%2F/{queue}", token)).TryGetProperty("messages_unacknowledged", out var count) ? count.GetInt32() : 0;

    public void Dispose() => _http.Dispose();
}

/// <summary>A message as the management interface shows it.</summary>
internal sealed record QueuedMessage(string Payload, QueuedProperties Properties);

internal sealed record QueueDepth(int Messages);

internal sealed record QueuedProperties(Dictionary<string, JsonElement> Headers, [property: System.Text.Json.Serialization.JsonPropertyName("message_id")] string? MessageId);
