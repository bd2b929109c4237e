using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>OrderService over HTTP, as any client sees it.</summary>
public sealed class OrderApi(HttpClient http, OrderSystem system)
{
    private static readonly HashSet<string> Final = ["Completed", "Rejected", "Cancelled", "NeedsAttention"];

    public HttpClient Http => http;

    public static bool IsFinal(string status) => Final.Contains(status);

    public Task<HttpResponseMessage> Post(object order) => http.PostAsJsonAsync("/orders", order);

    public Task<HttpResponseMessage> PostText(string body, string contentType = "application/json") =>
        http.PostAsync("/orders", new StringContent(body, Encoding.UTF8, contentType));

    /// <summary>Places an order that must be accepted.</summary>
    public async Task<PlacedOrder> Place(object order)
    {
        using var response = await Post(order);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        var placed = (await response.Content.ReadFromJsonAsync<PlacedOrder>())!;
        Assert.Equal($"/orders/{placed.OrderId}", response.Headers.Location?.OriginalString);
        return placed;
    }

    public Task<HttpResponseMessage> Pay(Guid orderId, decimal amount, Guid? paymentId = null) =>
        http.PostAsJsonAsync($"/orders/{orderId}/payments", new { paymentId = paymentId ?? Guid.NewGuid(), amount });

    public Task<HttpResponseMessage> Cancel(Guid orderId, string reason) =>
        http.PostAsJsonAsync($"/orders/{orderId}/cancellation", new { reason });

    /// <summary>Waits for a status; another final status fails at once.</summary>
    public Task<OrderView> Reaches(Guid orderId, string status, TimeSpan? deadline = null) =>
        system.Eventually($"order {orderId} to be {status}", token => Get(orderId, token),
            order => order.Status == status, order => IsFinal(order.Status), deadline);

    /// <summary>Waits for any final status.</summary>
    public Task<OrderView> Ends(Guid orderId, TimeSpan? deadline = null) =>
        system.Eventually($"order {orderId} to reach a final status", token => Get(orderId, token),
            order => IsFinal(order.Status), deadline: deadline);

    /// <summary>Waits for a status that an order may reach also after it was parked.</summary>
    public Task<OrderView> EndsAs(Guid orderId, string status) =>
        system.Eventually($"order {orderId} to end as {status}", token => Get(orderId, token),
            order => order.Status == status, order => IsFinal(order.Status) && order.Status != "NeedsAttention");

    public async Task<OrderView> Get(Guid orderId, CancellationToken cancellationToken = default) =>
        (await http.GetFromJsonAsync<OrderView>($"/orders/{orderId}", cancellationToken))!;
}

public sealed record PlacedOrder(Guid OrderId, string Status, decimal Total);

public sealed record OrderView(Guid OrderId, string Status, decimal Total, string? Reason, TimelineEntry[] Timeline)
{
    public override string ToString() =>
        $"{OrderId} {Status} {Reason} [{string.Join("; ", Timeline.Select(x => $"{x.At:HH:mm:ss.fff} {x.Event} {x.Detail}"))}]";
}

public sealed record TimelineEntry(DateTimeOffset At, string Event, string? Detail);
