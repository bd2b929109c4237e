using RabbitMQ.Client;

namespace OrderSample.Bench.Confirms.Publishing;

/// <summary>A way to publish, by name.</summary>
/// <param name="Name">As the tables show it.</param>
/// <param name="Open">Makes a publisher on a connection, to a queue.</param>
internal sealed record PublishingKind(string Name, Func<IConnection, string, CancellationToken, Task<Publisher>> Open)
{
    /// <summary>What the others are compared with.</summary>
    public static PublishingKind OneByOne { get; } = Confirmed("confirm, one by one", 1);

    public static PublishingKind WithoutConfirm { get; } = new("no confirm", HopefulPublisher.Open);

    public static PublishingKind TransactionEach { get; } = Transaction("transaction, one message", 1);

    /// <summary>Those whose speed is measured.</summary>
    public static IReadOnlyList<PublishingKind> ForSpeed { get; } =
    [
        TransactionEach,
        Transaction("transaction, 100 messages", 100),
        OneByOne,
        new("confirm, batches of 100", (connection, queue, token) => BatchPublisher.Open(connection, queue, 100, token)),
        Confirmed("confirm, 50 in flight", 50),
        Confirmed("confirm, 500 in flight", 500),
        WithoutConfirm,
    ];

    /// <summary>Those that differ in what they lose.</summary>
    public static IReadOnlyList<PublishingKind> ForLosses { get; } =
    [
        WithoutConfirm,
        TransactionEach,
        Confirmed("confirm, 500 in flight", 500),
        Confirmed("confirm and mandatory, 500 in flight", 500, mandatory: true),
    ];

    private static PublishingKind Confirmed(string name, int inFlight, bool mandatory = false) =>
        new(name, (connection, queue, token) => ConfirmedPublisher.Open(connection, queue, inFlight, mandatory, token));

    private static PublishingKind Transaction(string name, int size) =>
        new(name, (connection, queue, token) => TransactionPublisher.Open(connection, queue, size, token));
}
