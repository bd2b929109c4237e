using System.Text.Json;

namespace OrderSample.Bench.Twin.Messaging;

/// <summary>A message in the outbox.</summary>
/// <param name="Id">The message's id and the row's key.</param>
/// <param name="Exchange">Where it goes.</param>
/// <param name="Type">What it is.</param>
/// <param name="Body">As JSON.</param>
/// <param name="Delay">How long it waits before it is due; null when it goes at once.</param>
internal sealed record StoredMessage(Guid Id, string Exchange, string Type, byte[] Body, TimeSpan? Delay = null)
{
    public static StoredMessage Event<T>(T message)
        where T : class =>
        Create(Broker.ExchangeOf(typeof(T)), message, delay: null);

    public static StoredMessage Command<T>(string queue, T message)
        where T : class =>
        Create(queue, message, delay: null);

    public static StoredMessage Timeout<T>(string queue, T message, TimeSpan delay)
        where T : class =>
        Create(queue, message, delay);

    private static StoredMessage Create<T>(string exchange, T message, TimeSpan? delay) =>
        new(Guid.CreateVersion7(), exchange, typeof(T).Name, JsonSerializer.SerializeToUtf8Bytes(message, ReceivedMessage.Json), delay);
}
