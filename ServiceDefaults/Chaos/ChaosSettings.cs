using OrderSample.ServiceDefaults.Http;

namespace OrderSample.ServiceDefaults.Chaos;

/// <summary>How a service is to misbehave while it consumes; the default is not at all.</summary>
/// <param name="FailureRate">Share of attempts that fail before they have any effect, 0 to 1.</param>
/// <param name="DelayMs">How long each message waits before work on it begins, in milliseconds.</param>
/// <param name="FailSku">Every message that carries this SKU fails, at every attempt.</param>
/// <param name="CrashOnSku">The process ends, as if killed, when it has done the work for a message that carries this SKU and has not committed it.</param>
public sealed record ChaosSettings(double FailureRate = 0, int DelayMs = 0, string? FailSku = null, string? CrashOnSku = null)
{
    /// <summary>Longest delay: ten minutes, well below the broker's own limit for a message that is not acknowledged.</summary>
    public const int MaxDelayMs = 600_000;

    /// <summary>Longest SKU.</summary>
    public const int MaxSkuLength = 64;

    /// <summary>What is wrong with these settings.</summary>
    public ValidationErrors Validate()
    {
        var errors = new ValidationErrors();
        errors.Check(FailureRate is >= 0 and <= 1, "failureRate", "must be 0 to 1");
        errors.Check(DelayMs is >= 0 and <= MaxDelayMs, "delayMs", $"must be 0 to {MaxDelayMs}");
        errors.Check(FailSku is null or { Length: > 0 and <= MaxSkuLength }, "failSku", $"must be 1 to {MaxSkuLength} characters");
        errors.Check(CrashOnSku is null or { Length: > 0 and <= MaxSkuLength }, "crashOnSku", $"must be 1 to {MaxSkuLength} characters");
        return errors;
    }
}
