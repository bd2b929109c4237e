using System.Text.Json;

namespace OrderSample.Bench.Twin.Messaging;

/// <summary>A message from a queue.</summary>
/// <param name="Id">Its id; the same id is the same message.</param>
/// <param name="Type">What it is.</param>
/// <param name="Body">As JSON; valid until the message is handled.</param>
internal sealed record ReceivedMessage(Guid Id, string Type, ReadOnlyMemory<byte> Body)
{
    /// <summary>How messages are written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    public T Read<T>() => JsonSerializer.Deserialize<T>(Body.Span, Json)!;
}
