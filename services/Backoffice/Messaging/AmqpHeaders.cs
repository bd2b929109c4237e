using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace OrderSample.Backoffice.Messaging;

/// <summary>
/// Writes AMQP headers as JSON and reads them back with the types they came with. Text, booleans and nothing are JSON's own;
/// everything else is an object with one member, named for the AMQP type: <c>{"int32":"5"}</c>.
/// </summary>
internal static class AmqpHeaders
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static JsonObject ToJson(IEnumerable<KeyValuePair<string, object?>> headers) =>
        new(headers.Select(header => KeyValuePair.Create(header.Key, Write(header.Value))));

    public static Dictionary<string, object?> FromJson(JsonObject headers) =>
        headers.ToDictionary(header => header.Key, header => Read(header.Value), StringComparer.Ordinal);

    /// <summary>A header's value as text; null when it is missing, empty, or no single value.</summary>
    public static string? Text(this IReadOnlyBasicProperties properties, string name) =>
        properties.Headers is { } headers ? Text(headers, name) : null;

    /// <summary>A value of a table as text; null when it is missing, empty, or no single value.</summary>
    public static string? Text(IDictionary<string, object?> table, string name) => table.TryGetValue(name, out var value) ? Text(value) : null;

    /// <summary>A value as text; null when it is empty, or no single value.</summary>
    public static string? Text(object? value) => value switch
    {
        null => null,
        byte[] bytes => Encoding.UTF8.GetString(bytes) is { Length: > 0 } text ? text : null,
        string text => text.Length == 0 ? null : text,
        AmqpTimestamp timestamp => timestamp.UnixTime.ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => null,
    };

    /// <summary>A header's value as a count; 0 when it is missing or none.</summary>
    public static int Count(this IReadOnlyBasicProperties properties, string name) => Count(properties.Text(name));

    /// <summary>Text as a count; 0 when it is none.</summary>
    public static int Count(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    private static JsonNode? Write(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        byte[] bytes => WriteText(bytes),
        sbyte number => Number("int8", number),
        byte number => Number("uint8", number),
        short number => Number("int16", number),
        ushort number => Number("uint16", number),
        int number => Number("int32", number),
        uint number => Number("uint32", number),
        long number => Number("int64", number),
        float number => Number("float", number),
        double number => Number("double", number),
        decimal number => Number("decimal", number),
        AmqpTimestamp timestamp => Number("timestamp", timestamp.UnixTime),
        BinaryTableValue binary => Tagged("binary", JsonValue.Create(Convert.ToBase64String(binary.Bytes))),
        IDictionary<string, object?> table => Tagged("table", ToJson(table)),
        IList list => Tagged("list", new JsonArray([.. list.Cast<object?>().Select(Write)])),
        _ => throw new NotSupportedException($"AMQP has no {value.GetType()}."),
    };

    /// <summary>The client gives text as bytes, and not all bytes are text.</summary>
    private static JsonNode WriteText(byte[] bytes)
    {
        try
        {
            return JsonValue.Create(StrictUtf8.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return Tagged("bytes", JsonValue.Create(Convert.ToBase64String(bytes)));
        }
    }

    private static JsonObject Tagged(string type, JsonNode value) => new() { [type] = value };

    private static JsonObject Number(string type, IFormattable number) => Tagged(type, JsonValue.Create(number.ToString(null, CultureInfo.InvariantCulture)));

    private static object? Read(JsonNode? node)
    {
        if (node is null)
            return null;
        if (node is JsonValue plain)
            return plain.TryGetValue<bool>(out var flag) ? flag : plain.GetValue<string>();

        var (type, value) = node.AsObject().Single();
        return type switch
        {
            "table" => FromJson(value!.AsObject()),
            "list" => value!.AsArray().Select(Read).ToList(),
            _ => Read(type, value!.GetValue<string>()),
        };
    }

    private static object Read(string type, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            "bytes" => Convert.FromBase64String(text),
            "int8" => sbyte.Parse(text, culture),
            "uint8" => byte.Parse(text, culture),
            "int16" => short.Parse(text, culture),
            "uint16" => ushort.Parse(text, culture),
            "int32" => int.Parse(text, culture),
            "uint32" => uint.Parse(text, culture),
            "int64" => long.Parse(text, culture),
            "float" => float.Parse(text, culture),
            "double" => double.Parse(text, culture),
            "decimal" => decimal.Parse(text, culture),
            "timestamp" => new AmqpTimestamp(long.Parse(text, culture)),
            "binary" => new BinaryTableValue(Convert.FromBase64String(text)),
            _ => throw new NotSupportedException($"'{type}' is no type of a stored header."),
        };
    }
}
