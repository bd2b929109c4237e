using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.ServiceDefaults.Chaos;

/// <summary>A failure that somebody asked for. It counts as transient, so all retries and redeliveries are made for it.</summary>
/// <param name="message">Which setting caused it.</param>
public sealed class ChaosException(string message) : TransientFailureException(message);
