using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;

namespace OrderSample.Nemesis.Offering;

/// <summary>What a customer asked for, and what came back.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="What">The request.</param>
/// <param name="Status">The answer's status; null when none came.</param>
/// <param name="RetryAfter">Whether the answer said when to come again.</param>
/// <param name="Took">How long it took, in seconds.</param>
/// <param name="Problem">Why no answer came, or what an unexpected one said.</param>
internal sealed record Request(DateTimeOffset At, string What, int? Status, bool RetryAfter, double Took, string? Problem = null)
{
    /// <summary>Whether it was taken.</summary>
    [JsonIgnore]
    public bool IsAccepted => Status == (int)HttpStatusCode.Accepted;

    /// <summary>Whether the same is to be asked again: nobody answered, or the answer says so.</summary>
    [JsonIgnore]
    public bool IsToBeRepeated => Status is null or (int)HttpStatusCode.TooManyRequests or >= 500;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{At:HH:mm:ss.fff} {What}: {Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer"} after {Took:0.000} s {Problem}").TrimEnd();
}
