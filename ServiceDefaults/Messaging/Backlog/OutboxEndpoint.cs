using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace OrderSample.ServiceDefaults.Messaging.Backlog;

/// <summary>What waits in a service's outbox, over HTTP.</summary>
/// <param name="Waiting">Messages that are due and not confirmed yet; counted up to <see cref="OutboxBacklog.Limit"/>.</param>
/// <param name="OldestAgeSeconds">How long the oldest of them waits for its first delivery.</param>
/// <param name="Parked">Messages that wait for a person.</param>
public sealed record OutboxSummary(int Waiting, double OldestAgeSeconds, int Parked);

/// <summary>Tells others what the outbox monitor knows: it costs no query.</summary>
internal static class OutboxEndpoint
{
    /// <summary>Maps <c>GET /outbox</c>.</summary>
    public static void MapOutbox(this IEndpointRouteBuilder app) =>
        app.MapGet("/outbox", Get).WithName("GetOutbox").WithTags("Outbox");

    private static Ok<OutboxSummary> Get(IOutboxMonitor monitor)
    {
        var backlog = monitor.Current;
        return TypedResults.Ok(new OutboxSummary(backlog.Count, backlog.OldestAge.TotalSeconds, backlog.Parked));
    }
}
