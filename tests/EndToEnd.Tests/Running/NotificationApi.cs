using System.Net.Http.Json;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>NotificationService over HTTP.</summary>
public sealed class NotificationApi(HttpClient http, OrderSystem system)
{
    public async Task<Notification[]> Get(Guid orderId, CancellationToken cancellationToken = default) =>
        (await http.GetFromJsonAsync<Notification[]>($"/notifications?orderId={orderId}", cancellationToken))!;

    /// <summary>Waits for the e-mails that an order's customer gets, each exactly once.</summary>
    public async Task MustBe(Guid orderId, params string[] kinds)
    {
        var notifications = await system.Eventually($"e-mails {string.Join(", ", kinds)} of order {orderId}", token => Get(orderId, token),
            all => kinds.All(kind => all.Any(x => x.Channel == "Email" && x.Kind == kind && x.Status == "Sent")));
        Assert.Equal(kinds.Order(), notifications.Where(x => x.Channel == "Email").Select(x => x.Kind).Order());
    }
}

public sealed record Notification(Guid OrderId, string Kind, string Channel, string Status, int Attempts, DateTimeOffset? SentAt)
{
    public override string ToString() => $"{Kind} by {Channel}: {Status}";
}
