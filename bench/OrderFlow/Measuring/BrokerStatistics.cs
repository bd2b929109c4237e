using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace OrderSample.Bench.Measuring;

/// <summary>What the broker's management interface counts. It is some seconds behind.</summary>
internal sealed class BrokerStatistics : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(6);
    private readonly HttpClient _http;

    public BrokerStatistics(HttpClient http, string userInfo)
    {
        _http = http;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(userInfo))));
    }

    /// <summary>The broker's version.</summary>
    public async Task<string> Version(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<JsonElement>("api/overview", cancellationToken)).GetProperty("rabbitmq_version").GetString()!;

    /// <summary>Messages that were published since the broker started, once the count of a system at rest no longer changes.</summary>
    public async Task<long> Published(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period);
        var last = -1L;
        while (true)
        {
            var overview = await _http.GetFromJsonAsync<JsonElement>("api/overview", cancellationToken);
            var published = overview.TryGetProperty("message_stats", out var stats) && stats.TryGetProperty("publish", out var count) ? count.GetInt64() : 0;
            if (published == last)
                return published;
            last = published;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();
}
