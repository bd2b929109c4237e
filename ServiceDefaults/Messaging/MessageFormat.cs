using System.Text.Json.Serialization.Metadata;
using MassTransit;
using MassTransit.Logging;
using MassTransit.Serialization;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>How messages are written and read: MassTransit's JSON, without what nobody reads, and nothing that is missing is made up.</summary>
public static class MessageFormat
{
    /// <summary>
    /// The sender's process, assembly and operating system; the exchange, which the broker was told anyway; the sender's address, whose port is another one after
    /// the next start; and the saga's id, which is the order's and in the message. Only MassTransit's audit and attributes of its spans would have them.
    /// </summary>
    private static readonly string[] ReadByNobody = ["host", "destinationAddress", "sourceAddress", "initiatorId"];

    /// <summary>
    /// Writes envelopes on one line, without what nobody reads and without properties that have no value: each byte is stored with the message, written ahead,
    /// sent, and stored by the broker's nodes.
    /// <para>
    /// Refuses a message that lacks a property without a default value, or has null where the property's type has none.
    /// MassTransit would hand it to its consumer with an order id of zeros, or with null for a list. So nulls are written in messages.
    /// </para>
    /// </summary>
    /// <param name="bus">The bus; what is set here holds for all buses of the process, because MassTransit's options do.</param>
    public static void UseMessageFormat(this IBusFactoryConfigurator bus) => bus.ConfigureJsonSerializerOptions(options =>
    {
        (options.RespectRequiredConstructorParameters, options.RespectNullableAnnotations) = (true, true);
        options.WriteIndented = false;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(LeaveOutOfEnvelopes);
        return options;
    });

    private static void LeaveOutOfEnvelopes(JsonTypeInfo type)
    {
        if (type.Type != typeof(JsonMessageEnvelope))
            return;
        foreach (var property in type.Properties)
        {
            if (property is { Name: "headers", Get: { } get })
                property.Get = envelope => WithoutTrace((Dictionary<string, object?>?)get(envelope));
            property.ShouldSerialize = ReadByNobody.Contains(property.Name) ? (_, _) => false : (_, value) => value is not (null or Dictionary<string, object?> { Count: 0 });
        }
    }

    /// <summary>The trace goes on by the transport's header, which names the delivery's span; an envelope has a copy of the sender's headers, made for it.</summary>
    private static Dictionary<string, object?>? WithoutTrace(Dictionary<string, object?>? headers)
    {
        headers?.Remove(DiagnosticHeaders.ActivityId);
        return headers;
    }
}
