using System.Globalization;

namespace OrderSample.Bench.Confirms.Consuming;

/// <summary>When a message counts as done.</summary>
internal enum AckTime
{
    /// <summary>When the broker has sent it: "no ack" on the wire, called auto-ack by clients.</summary>
    OnDelivery,

    /// <summary>When the consumer has it, before its work.</summary>
    BeforeWork,

    /// <summary>When its work is done.</summary>
    AfterWork,
}

/// <summary>A way to acknowledge.</summary>
/// <param name="Time">When.</param>
/// <param name="Prefetch">How many messages a consumer has in hand at most; without acks there is no limit.</param>
internal sealed record AckKind(AckTime Time, ushort Prefetch)
{
    public string Name => Time switch
    {
        AckTime.OnDelivery => "no acks",
        AckTime.BeforeWork => $"ack before the work, prefetch {Prefetch.ToString(CultureInfo.InvariantCulture)}",
        _ => $"ack after the work, prefetch {Prefetch.ToString(CultureInfo.InvariantCulture)}",
    };

    /// <summary>What the others are compared with.</summary>
    public static AckKind One { get; } = new(AckTime.AfterWork, 1);

    public static IReadOnlyList<AckKind> ForSpeed { get; } = [One, new(AckTime.AfterWork, 50), new(AckTime.AfterWork, 500), new(AckTime.OnDelivery, 0)];

    public static IReadOnlyList<AckKind> ForLosses { get; } = [.. ForSpeed, new(AckTime.BeforeWork, 50)];
}
