using System.Globalization;
using OrderSample.Backoffice.Console.Components;
using OrderSample.Backoffice.Data;
using OrderSample.ServiceDefaults.Messaging.Redelivery;

namespace OrderSample.Backoffice.Console.Orders;

/// <summary>A message that was delivered more than once as steps of its order's story. What its endpoint could not report is missing here.</summary>
internal static class RepetitionSteps
{
    /// <summary>What happened, and when it is tried next.</summary>
    public static IEnumerable<StoryStep> Of(DeliveryRepetition repetition, DateTimeOffset now)
    {
        var message = TypeName.Short(repetition.MessageType);
        return repetition.Cause switch
        {
            RepetitionCause.Failed => [At(repetition.FirstAt, StepKind.Failure, $"{message} failed", Why(repetition)), At(repetition.LastAt, StepKind.Redelivery, Redelivered(repetition, now), null)],
            RepetitionCause.DependencyAway =>
                [At(repetition.FirstAt, StepKind.Redelivery, $"{message} waits for what {repetition.Endpoint} needs", $"{Why(repetition)} {Next(repetition, now)}".Trim()) with { LastAt = repetition.LastAt }],
            _ => [At(repetition.LastAt, StepKind.Redelivery, $"{message} delivered {Times(repetition.Deliveries)}, counted once",
                $"The delivery before was not acknowledged: its process or its connection had ended. Of all deliveries to {repetition.Endpoint} only one is committed.")],
        };

        StoryStep At(DateTimeOffset at, StepKind kind, string title, string? detail) => new(at, title, kind, Lanes.Of(repetition.Endpoint), Lanes.Of(repetition.Endpoint), detail);
    }

    private static string Why(DeliveryRepetition repetition)
    {
        var exception = repetition.ExceptionType is { } type ? $"{TypeName.Short(type)}: {repetition.ExceptionMessage}" : "";
        return repetition.Retries == 0 ? exception : $"{exception} ({Quantity.Of(repetition.Retries, "immediate retry", "immediate retries")})".Trim();
    }

    /// <summary>The last delay is over when it is tried again.</summary>
    private static string Redelivered(DeliveryRepetition repetition, DateTimeOffset now)
    {
        if (Next(repetition, now) is not { } next)
            return $"Redelivered after {repetition.Delays} s";
        var over = repetition.Delays.LastIndexOf(", ", StringComparison.Ordinal);
        return over < 0 ? next : $"Redelivered after {repetition.Delays[..over]} s, {char.ToLowerInvariant(next[0])}{next[1..]}";
    }

    private static string? Next(DeliveryRepetition repetition, DateTimeOffset now) => repetition.NextAt > now
        ? string.Create(CultureInfo.InvariantCulture, $"Next try in {Math.Ceiling((repetition.NextAt.Value - now).TotalSeconds)} s") : null;

    private static string Times(int deliveries) => deliveries == 2 ? "twice" : string.Create(CultureInfo.InvariantCulture, $"{deliveries} times");
}
