using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit.Logging;
using OrderSample.Backoffice.Console.Components;

namespace OrderSample.Backoffice.Console.Desk;

/// <summary>A stored header for people: without the objects that name its AMQP types.</summary>
internal static class HeaderText
{
    /// <param name="value">The header's value, as it is stored.</param>
    public static string Of(JsonNode? value) => Plain(value) switch
    {
        null => "",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        var other => MessageBody.Pretty(other.ToJsonString()),
    };

    /// <summary>The trace that a message belongs to; null when it was not recorded.</summary>
    /// <param name="headers">The message's headers, as they are stored.</param>
    public static string? TraceIdOf(JsonObject headers) =>
        ActivityContext.TryParse(Of(headers[DiagnosticHeaders.ActivityId]), null, out var activity) ? activity.TraceId.ToHexString() : null;

    private static JsonNode? Plain(JsonNode? value) => value switch
    {
        // One member, named for the type. What is in a table has names of its own, and each of its values such an object again.
        JsonObject { Count: 1 } typed => typed.Single() switch
        {
            { Key: "table", Value: JsonObject table } => new JsonObject(table.Select(entry => KeyValuePair.Create(entry.Key, Plain(entry.Value)))),
            { Key: "list", Value: JsonArray list } => new JsonArray([.. list.Select(Plain)]),
            var other => other.Value?.DeepClone(),
        },
        _ => value?.DeepClone(),
    };
}
