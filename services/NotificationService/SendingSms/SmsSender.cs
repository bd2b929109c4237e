using Microsoft.Extensions.Options;
using OrderSample.NotificationService.Data;
using OrderSample.NotificationService.Notifying;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.NotificationService.SendingSms;

/// <summary>Sends by an HTTP gateway. A customer without a phone number gets a row that says so.</summary>
internal sealed class SmsSender(HttpClient http, IOptions<SmsOptions> options) : INotificationSender
{
    public NotificationChannel Channel => NotificationChannel.Sms;

    public async Task<NotificationStatus> SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        if (notice.Customer.Phone is not { Length: > 0 } phone)
            return NotificationStatus.Skipped;
        if (options.Value.GatewayUrl is not { } gateway)
            return NotificationStatus.Simulated;

        using var request = new HttpRequestMessage(HttpMethod.Post, gateway)
        {
            Content = JsonContent.Create(new { to = phone, text = $"{notice.Subject}. {notice.Text}" }),
        };
        request.Headers.Add("Idempotency-Key", notice.Id);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            return NotificationStatus.Sent;
        }
        catch (HttpRequestException exception) when (exception.StatusCode is null)
        {
            throw new DependencyAwayException($"The gateway can't be reached: {exception.Message}", exception);
        }
    }
}
