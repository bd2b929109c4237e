using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.ServiceDefaults.ParkedMessages;

/// <summary>A message that was sent in vain too often and waits for a person.</summary>
/// <param name="Id">What to name it by here.</param>
/// <param name="MessageId">Its id, as receivers see it.</param>
/// <param name="MessageType">What it is.</param>
/// <param name="Destination">Where it is to go.</param>
/// <param name="SentAt">When the service sent it, UTC.</param>
/// <param name="Attempts">Deliveries that failed.</param>
/// <param name="LastError">Why the last one did.</param>
/// <param name="Body">The message, as JSON text.</param>
public sealed record ParkedMessage(
    long Id, Guid MessageId, string MessageType, string? Destination, DateTime SentAt, int Attempts, string? LastError, string Body);

/// <summary>A page of parked messages, oldest first.</summary>
/// <param name="Items">The messages.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; missing on the last one.</param>
public sealed record ParkedMessagePage(IReadOnlyList<ParkedMessage> Items, long? Next);

/// <summary>Lets an operator see, send again and discard what the outbox could not deliver. Every action leaves who and why.</summary>
internal static class ParkedMessageEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    /// <summary>
    /// Maps <c>GET /outbox/parked</c>, <c>POST /outbox/parked/{id}/retry</c> and <c>DELETE /outbox/parked/{id}</c>; the last
    /// two take <c>?by=…&amp;reason=…</c>.
    /// </summary>
    public static void MapParkedMessages(this IEndpointRouteBuilder app)
    {
        var parked = app.MapGroup("/outbox/parked").WithTags("Outbox");
        parked.MapGet("", ListAsync).WithName("ListParkedMessages");
        parked.MapPost("{id:long}/retry", RetryAsync).WithName("RetryParkedMessage");
        parked.MapDelete("{id:long}", DiscardAsync).WithName("DiscardParkedMessage");
    }

    private static async Task<Results<Ok<ParkedMessagePage>, ValidationProblem>> ListAsync(
        long? after, int? limit, ParkedMessageStore store, CancellationToken cancellationToken)
    {
        var count = limit ?? DefaultLimit;
        var errors = new ValidationErrors();
        if (!errors.Check(count is >= 1 and <= MaxLimit, "limit", $"must be 1 to {MaxLimit}"))
            return errors.ToResult();

        var rows = await store.ListAsync(after ?? 0, count + 1, cancellationToken);
        ParkedMessage[] items = [.. rows.Take(count)];
        return TypedResults.Ok(new ParkedMessagePage(items, rows.Count > count ? items[^1].Id : null));
    }

    private static async Task<Results<Accepted, NotFound, ValidationProblem>> RetryAsync(
        long id, string? by, string? reason, ParkedMessageStore store, CancellationToken cancellationToken)
    {
        var decision = new OperatorDecision(by, reason);
        var errors = decision.Validate();
        if (!errors.None)
            return errors.ToResult();
        return await store.RetryAsync(id, decision, cancellationToken) ? TypedResults.Accepted((string?)null) : TypedResults.NotFound();
    }

    private static async Task<Results<NoContent, NotFound, ValidationProblem>> DiscardAsync(
        long id, string? by, string? reason, ParkedMessageStore store, CancellationToken cancellationToken)
    {
        var decision = new OperatorDecision(by, reason);
        var errors = decision.Validate();
        if (!errors.None)
            return errors.ToResult();
        return await store.DiscardAsync(id, decision, cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound();
    }
}
