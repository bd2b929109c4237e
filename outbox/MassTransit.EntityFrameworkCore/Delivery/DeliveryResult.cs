namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>What became of one try to hand a message to the broker.</summary>
internal enum DeliveryStatus
{
    /// <summary>The broker has it.</summary>
    Confirmed,

    /// <summary>The message itself is refused: no queue takes it, it is not allowed, too large or malformed.</summary>
    Refused,

    /// <summary>Its destination takes nothing for now, a full queue for example. Others are not concerned.</summary>
    DestinationBusy,

    /// <summary>The broker is away, takes nothing, or does not answer. No message is to blame.</summary>
    Outage,

    /// <summary>The broker closed the channel because of a message: this one, or another that was in flight with it.</summary>
    ChannelClosed,
}

/// <summary>What became of one try, and why.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">Why, for a person; null when it is confirmed.</param>
internal readonly record struct DeliveryResult(DeliveryStatus Status, string? Reason)
{
    public static DeliveryResult Confirmed { get; } = new(DeliveryStatus.Confirmed, null);

    public static DeliveryResult Refused(string reason) => new(DeliveryStatus.Refused, reason);

    public static DeliveryResult DestinationBusy(string reason) => new(DeliveryStatus.DestinationBusy, reason);

    public static DeliveryResult Outage(string reason) => new(DeliveryStatus.Outage, reason);

    public static DeliveryResult ChannelClosed(string reason) => new(DeliveryStatus.ChannelClosed, reason);
}
