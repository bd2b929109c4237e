using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.Messaging;
using RabbitMQ.Client.Events;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>A message as it was found in a queue for dead letters.</summary>
/// <param name="Queue">That queue.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Fault">How the last attempt at it ended.</param>
/// <param name="MessageId">Its id, if it has one.</param>
/// <param name="MessageType">What it is, as far as it says.</param>
/// <param name="CaseId">The case it is a replay of, if it is one.</param>
/// <param name="Replay">Which replay, from 1; 0 if it is none.</param>
/// <param name="Envelope">What its envelope says.</param>
/// <param name="Properties">Properties and headers.</param>
/// <param name="Body">The message, byte for byte.</param>
/// <param name="At">When it failed, UTC.</param>
internal sealed record ReceivedDeadLetter(
    string Queue, Origin Origin, Fault Fault, string? MessageId, string? MessageType, long? CaseId, int Replay,
    Envelope Envelope, MessageProperties Properties, byte[] Body, DateTimeOffset At)
{
    /// <summary>
    /// The same for every copy of the message that fails at the same endpoint, and so for its replays. Without a message id
    /// the body alone has to tell: equal messages are one case then.
    /// </summary>
    public byte[] Fingerprint { get; } = Hash(
        Encoding.UTF8.GetBytes(Origin.Exchange ?? Queue), Encoding.UTF8.GetBytes(Origin.RoutingKey), Encoding.UTF8.GetBytes(MessageId ?? ""), Body);

    /// <summary>
    /// The same for all that say the same to the same endpoint about the same order, each with an id of its own: handling one of them is as
    /// good as handling all. Null for a message of no order.
    /// </summary>
    /// <remarks>Two payments of one order are no copies: what they say differs.</remarks>
    public byte[]? CopyKey => Envelope.OrderId is { } order
        ? Hash(Encoding.UTF8.GetBytes(Origin.Exchange ?? Queue), Encoding.UTF8.GetBytes(Origin.RoutingKey), Encoding.UTF8.GetBytes(MessageType ?? ""),
            order.ToByteArray(), Encoding.UTF8.GetBytes(Envelope.SchedulingToken ?? ""), Envelope.Content)
        : null;

    /// <summary>The same for all that have most likely failed for the same reason.</summary>
    public Guid GroupId => new(Hash(
        Encoding.UTF8.GetBytes(Origin.Cause.ToString()), Encoding.UTF8.GetBytes(Fault.ExceptionType ?? ""),
        Encoding.UTF8.GetBytes(MessageType ?? ""), Encoding.UTF8.GetBytes(Origin.Endpoint)).AsSpan(0, 16));

    /// <param name="queue">The queue it was found in.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="now">When it was found, UTC.</param>
    public static ReceivedDeadLetter Of(string queue, BasicDeliverEventArgs delivery, DateTimeOffset now)
    {
        var properties = delivery.BasicProperties;
        var origin = Origin.Of(queue, delivery.Exchange, delivery.RoutingKey, properties);
        var fault = Fault.Of(origin.Cause, properties);
        var envelope = Envelope.Of(delivery.Body);
        return new ReceivedDeadLetter(queue, origin, fault,
            Limited.Text(properties.MessageId, DeadLetter.MaxNameLength), MessageTypes.Of(properties, envelope),
            long.TryParse(properties.Text(CaseHeaders.CaseId), NumberStyles.None, CultureInfo.InvariantCulture, out var caseId) ? caseId : null,
            properties.Count(CaseHeaders.Replay), envelope, MessageProperties.Of(properties), delivery.Body.ToArray(), fault.At ?? now);
    }

    /// <summary>Each part goes in with its length, so that no two lists of parts run together into the same bytes.</summary>
    private static byte[] Hash(params ReadOnlySpan<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
            hash.AppendData(length);
            hash.AppendData(part);
        }

        return hash.GetHashAndReset();
    }
}
