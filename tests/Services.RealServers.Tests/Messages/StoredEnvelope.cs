using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace OrderSample.Services.RealServers.Tests.Messages;

/// <summary>
/// An envelope that the services once sent, in OnTheWire/. Caught between them as it was, but for the names of hosts. Never changed:
/// a message that has another form now gets another file beside it.
/// </summary>
/// <param name="Text">As it is on the wire and in the outbox.</param>
internal sealed record StoredEnvelope(string Text)
{
    public static StoredEnvelope Of<T>([CallerFilePath] string here = "") =>
        new(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "OnTheWire", $"{typeof(T).Name}.json")));

    public Guid OrderId => Guid.Parse(Message["orderId"]!.ToString());

    /// <summary>Its content.</summary>
    public JsonObject Message => Envelope["message"]!.AsObject();

    /// <summary>All of it.</summary>
    public JsonObject Envelope => field ??= JsonNode.Parse(Text)!.AsObject();

    /// <summary>What another version would have written.</summary>
    public StoredEnvelope With(Action<JsonObject> change)
    {
        var envelope = JsonNode.Parse(Text)!.AsObject();
        change(envelope["message"]!.AsObject());
        return new StoredEnvelope(envelope.ToJsonString());
    }

    /// <summary>Puts it into an endpoint's queue.</summary>
    public Task ArriveAt(string queue, RawBroker broker) =>
        broker.Publish(queue, Text, "application/vnd.masstransit+json", Guid.Parse(Envelope["messageId"]!.ToString()));
}
