using System.Globalization;
using RabbitMQ.Client;

namespace OrderSample.Bench.Confirms.Running;

/// <summary>What all kinds publish: 500 bytes, persistent, with its number as its id.</summary>
internal static class Message
{
    /// <summary>In bytes.</summary>
    public const int Size = 500;

    public static ReadOnlyMemory<byte> Body { get; } = new byte[Size];

    public static BasicProperties Properties(int number) =>
        new() { Persistent = true, MessageId = number.ToString(CultureInfo.InvariantCulture) };
}
