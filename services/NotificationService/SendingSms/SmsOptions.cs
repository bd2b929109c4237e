namespace OrderSample.NotificationService.SendingSms;

/// <summary>Configuration section <c>Sms</c>.</summary>
public sealed class SmsOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Sms";

    /// <summary>
    /// The gateway's address, which takes <c>{"to","text"}</c> by POST with an <c>Idempotency-Key</c> header. Without
    /// one, text messages are only stored.
    /// </summary>
    public Uri? GatewayUrl { get; init; }

    /// <summary>How long the gateway may take to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
