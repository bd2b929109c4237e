using System.Globalization;

namespace OrderSample.Backoffice.Console.Services;

/// <summary>What waits in a service's outbox.</summary>
/// <param name="Waiting">Messages that are due and not confirmed yet.</param>
/// <param name="OldestAgeSeconds">How long the oldest of them waits.</param>
/// <param name="Parked">Messages that wait for a person.</param>
/// <param name="UnknownSince">Since when the service could not count, UTC; null while its numbers are true.</param>
/// <param name="Paused">Why it delivers nothing at all; null while it does.</param>
/// <param name="Refusing">Destinations that take nothing for now.</param>
public sealed record OutboxFill(
    int Waiting, double OldestAgeSeconds, int Parked, DateTimeOffset? UnknownSince, DeliveryPause? Paused, IReadOnlyList<RefusingDestination> Refusing);

/// <summary>Why a service delivers nothing.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Since">When it began, UTC.</param>
public sealed record DeliveryPause(string Reason, DateTimeOffset Since);

/// <summary>A queue or exchange that takes nothing for now.</summary>
/// <param name="Destination">Its name.</param>
/// <param name="Reason">What the broker said.</param>
/// <param name="Since">When it began, UTC.</param>
public sealed record RefusingDestination(string Destination, string Reason, DateTimeOffset Since);

/// <summary>A message that a service has sent in vain too often.</summary>
/// <param name="Id">What to name it by at that service.</param>
/// <param name="MessageId">Its id, as receivers see it.</param>
/// <param name="MessageType">What it is.</param>
/// <param name="Destination">Where it is to go.</param>
/// <param name="SentAt">When the service sent it, UTC.</param>
/// <param name="Attempts">Deliveries that failed.</param>
/// <param name="LastError">Why the last one did.</param>
/// <param name="Body">The message.</param>
public sealed record ParkedRow(
    long Id, Guid MessageId, string MessageType, string? Destination, DateTimeOffset SentAt, int Attempts, string? LastError, string Body);

/// <summary>A page of a service's parked messages, oldest first.</summary>
/// <param name="Items">The messages.</param>
/// <param name="Next">Where the next page begins; null on the last one.</param>
public sealed record ParkedRows(IReadOnlyList<ParkedRow> Items, long? Next);

/// <summary>How a service misbehaves on purpose; the default is not at all.</summary>
/// <param name="FailureRate">Share of attempts that fail, 0 to 1.</param>
/// <param name="DelayMs">How long each message waits, in milliseconds.</param>
/// <param name="FailSku">Every message with this SKU fails.</param>
/// <param name="CrashOnSku">The process ends in the middle of a message with this SKU.</param>
public sealed record ChaosState(double FailureRate = 0, int DelayMs = 0, string? FailSku = null, string? CrashOnSku = null);

/// <summary>What all services on the bus have alike: outbox, parked messages, chaos switch.</summary>
/// <param name="clients">How to reach each, by its name.</param>
public sealed class AnyServiceClient(IHttpClientFactory clients)
{
    /// <summary>Reads what waits in a service's outbox.</summary>
    /// <param name="service">One of the services' names.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<OutboxFill> ReadOutboxAsync(string service, CancellationToken cancellationToken) =>
        clients.CreateClient(service).ReadAsync<OutboxFill>("/outbox", cancellationToken);

    /// <summary>Reads a page of a service's parked messages.</summary>
    /// <param name="service">One of the services' names.</param>
    /// <param name="after">The last message of the page before; 0 for the first page.</param>
    /// <param name="limit">How many at most, 1 to 200.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ParkedRows> ListParkedAsync(string service, long after, int limit, CancellationToken cancellationToken) =>
        clients.CreateClient(service).ReadAsync<ParkedRows>(
            string.Create(CultureInfo.InvariantCulture, $"/outbox/parked?after={after}&limit={limit}"), cancellationToken);

    /// <summary>Has a parked message sent again.</summary>
    /// <param name="service">One of the services' names.</param>
    /// <param name="id">The message.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why not; null when it will be.</returns>
    public Task<string?> RetryParkedAsync(string service, long id, string by, string reason, CancellationToken cancellationToken) =>
        clients.CreateClient(service).DoAsync(HttpMethod.Post, $"{ParkedPath(id)}/retry{Decision(by, reason)}", cancellationToken);

    /// <summary>Discards a parked message.</summary>
    /// <inheritdoc cref="RetryParkedAsync"/>
    /// <returns>Why not; null when it is.</returns>
    public Task<string?> DiscardParkedAsync(string service, long id, string by, string reason, CancellationToken cancellationToken) =>
        clients.CreateClient(service).DoAsync(HttpMethod.Delete, ParkedPath(id) + Decision(by, reason), cancellationToken);

    /// <summary>Reads how a service misbehaves; null when its chaos switch is not there.</summary>
    /// <param name="service">One of the services' names.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ChaosState?> FindChaosAsync(string service, CancellationToken cancellationToken) =>
        clients.CreateClient(service).FindAsync<ChaosState>("/chaos", cancellationToken);

    /// <summary>Tells a service how to misbehave.</summary>
    /// <param name="service">One of the services' names.</param>
    /// <param name="state">How.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServiceAnswer<ChaosState>> SetChaosAsync(string service, ChaosState state, CancellationToken cancellationToken) =>
        clients.CreateClient(service).DoAsync<ChaosState>(HttpMethod.Put, "/chaos", state, cancellationToken);

    private static string ParkedPath(long id) => string.Create(CultureInfo.InvariantCulture, $"/outbox/parked/{id}");

    private static string Decision(string by, string reason) => $"?by={Uri.EscapeDataString(by)}&reason={Uri.EscapeDataString(reason)}";
}
