using System.Text.Json;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Takes an endpoint's report out of MassTransit's envelope.</summary>
internal static class EndpointReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    /// <exception cref="JsonException">It is no report.</exception>
    public static T Of<T>(ReadOnlySpan<byte> body)
        where T : class => JsonSerializer.Deserialize<Content<T>>(body, Json)?.Message ?? throw new JsonException("The report has no message.");

    private sealed record Content<T>(T? Message);
}
