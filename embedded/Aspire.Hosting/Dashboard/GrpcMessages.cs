using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// gRPC's messages in an HTTP/2 body: one byte that says whether it is compressed, four of its length, and the message.
/// There is a trailer with the outcome at the end.
/// </summary>
internal static class GrpcMessages
{
    public const string ContentType = "application/grpc";
    private const int HeaderLength = 5;

    /// <summary>Bytes; what the dashboard asks is small.</summary>
    private const uint MaxLength = 64 * 1024;

    /// <exception cref="InvalidDataException">It is compressed, which was not offered, or too long.</exception>
    /// <exception cref="IOException">It ends too early, or is no message.</exception>
    public static async Task<T> ReadMessage<T>(this HttpRequest request, CancellationToken cancellationToken)
        where T : IMessage<T>, new()
    {
        var header = new byte[HeaderLength];
        await request.Body.ReadExactlyAsync(header, cancellationToken);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
        if (header[0] != 0 || length > MaxLength)
            throw new InvalidDataException($"A message has to be uncompressed and at most {MaxLength} bytes long.");
        var payload = new byte[length];
        await request.Body.ReadExactlyAsync(payload, cancellationToken);
        return new MessageParser<T>(() => new T()).ParseFrom(payload);
    }

    public static async Task WriteMessage(this HttpResponse response, IMessage message, CancellationToken cancellationToken)
    {
        var frame = new byte[HeaderLength + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - HeaderLength);
        message.WriteTo(frame.AsSpan(HeaderLength));
        await response.Body.WriteAsync(frame, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    public static void EndWith(this HttpResponse response, GrpcStatus status, string? message = null)
    {
        response.AppendTrailer("grpc-status", ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (message is not null)
            response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
    }
}

/// <summary>How a call ended, in gRPC's numbers.</summary>
internal enum GrpcStatus
{
    Ok = 0,
    InvalidArgument = 3,
    Internal = 13,
    Unavailable = 14,
    Unauthenticated = 16,
}
