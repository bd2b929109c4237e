namespace OrderSample.Backoffice.Console.Services;

/// <summary>What a customer was told.</summary>
/// <param name="Kind">What.</param>
/// <param name="Channel">How.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Attempts">How often sending was tried.</param>
/// <param name="SentAt">When it was sent, UTC; null unless it was.</param>
public sealed record NotificationRow(string Kind, string Channel, string Status, int Attempts, DateTimeOffset? SentAt);

/// <summary>The notification service, as the console uses it.</summary>
/// <param name="http">Its address, and how to reach it.</param>
public sealed class NotificationServiceClient(HttpClient http)
{
    /// <summary>Reads an order's notifications, a handful, oldest first.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<NotificationRow>> ListAsync(Guid orderId, CancellationToken cancellationToken) =>
        http.ReadAsync<IReadOnlyList<NotificationRow>>($"/notifications?orderId={orderId}", cancellationToken);
}
