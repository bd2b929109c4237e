using System.Text.Json;
using OrderSample.ServiceDefaults.Messaging.Replays;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Takes an endpoint's report out of MassTransit's envelope.</summary>
internal static class HandledReport
{
    /// <exception cref="JsonException">It is no report.</exception>
    public static DeadLetterHandled Of(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize<Content>(body, JsonSerializerOptions.Web)?.Message ?? throw new JsonException("The report has no message.");

    private sealed record Content(DeadLetterHandled? Message);
}
