using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.ServiceDefaults.Messaging.Backlog;

/// <summary>What waits in a service's outbox, over HTTP.</summary>
/// <param name="Waiting">Messages that are due and not confirmed yet; counted up to a limit.</param>
/// <param name="OldestAgeSeconds">How long the oldest of them waits, a scheduled one from its due time.</param>
/// <param name="Parked">Messages that wait for a person.</param>
/// <param name="UnknownSince">Since when nothing could be counted; the numbers are of then. Missing while they are true.</param>
/// <param name="Paused">Why nothing is delivered at all. Missing while delivery goes on.</param>
/// <param name="Refusing">Destinations that take nothing for now, a full queue for example.</param>
public sealed record OutboxSummary(
    int Waiting, double OldestAgeSeconds, int Parked, DateTimeOffset? UnknownSince, PausedDelivery? Paused, IReadOnlyList<RefusingDestination> Refusing);

/// <summary>Tells others what the outbox monitor knows: it costs no query.</summary>
internal static class OutboxEndpoint
{
    /// <summary>How the OpenAPI document groups what there is about the outbox.</summary>
    public static readonly (string Name, string Description) Tag =
        ("Outbox", "Messages that this service has stored and not yet delivered. One that failed too often is parked until a person decides.");

    /// <summary>Maps <c>GET /outbox</c>.</summary>
    public static void MapOutbox(this IEndpointRouteBuilder app) =>
        app.MapGet("/outbox", Get).WithName("GetOutbox").WithTags(Tag.Name).WithoutDatabase()
            .WithSummary("Count the messages in the outbox")
            .WithDescription($"The numbers are about a second old. Waiting messages are counted up to {OutboxBacklog.Limit}.")
            .WithResponse(StatusCodes.Status200OK, "How many messages wait, and for how long.", new OutboxSummary(12, 0.8, 1, UnknownSince: null, Paused: null, Refusing: []));

    private static Ok<OutboxSummary> Get(IOutboxMonitor monitor, OutboxDeliveryView delivery)
    {
        var backlog = monitor.Current;
        return TypedResults.Ok(new OutboxSummary(
            backlog.Count, backlog.OldestAge.TotalSeconds, backlog.Parked, monitor.UnknownSince, delivery.Paused, delivery.Refusing));
    }
}
