using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;
using OrderSample.ServiceDefaults.Messaging.Backlog;

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

    private static readonly ParkedMessage Example = new(
        42, new Guid("55555555-5555-5555-5555-555555555555"), $"urn:message:{typeof(ReserveStock).Namespace}:{nameof(ReserveStock)}",
        InventoryAddresses.Reservations.ToString(), new DateTime(2026, 11, 23, 9, 30, 0, DateTimeKind.Utc), 10,
        "The exchange inventory-reservations does not exist.", """{"message":{"orderId":"11111111-1111-1111-1111-111111111111"}}""");

    /// <summary>
    /// Maps <c>GET /outbox/parked</c>, <c>POST /outbox/parked/{id}/retry</c> and <c>DELETE /outbox/parked/{id}</c>; the last
    /// two take <c>?by=…&amp;reason=…</c>.
    /// </summary>
    public static void MapParkedMessages(this IEndpointRouteBuilder app)
    {
        var parked = app.MapGroup("/outbox/parked").WithTags(OutboxEndpoint.Tag.Name).ForOperators();
        parked.MapGet("", ListAsync).WithName("ListParkedMessages")
            .WithSummary("List parked messages")
            .WithParameter("after", "The `next` of the page before; missing for the first page.")
            .WithParameter("limit", $"Messages on a page, 1 to {MaxLimit}; {DefaultLimit} when missing.", DefaultLimit)
            .WithResponse(StatusCodes.Status200OK, "A page of messages, oldest first.", new ParkedMessagePage([Example], null))
            .WithErrors(Limit(0));
        parked.MapPost("{id:long}/retry", RetryAsync).WithName("RetryParkedMessage").WithDecision()
            .WithSummary("Send a parked message again")
            .WithDescription("The message becomes due at once, with all its attempts before it. Who decided so, and why, is recorded.")
            .WithResponse(StatusCodes.Status202Accepted, "The message is due.");
        parked.MapDelete("{id:long}", DiscardAsync).WithName("DiscardParkedMessage").WithDecision()
            .WithSummary("Discard a parked message")
            .WithDescription("The message is never sent. Its body is kept with who decided so, and why.")
            .WithResponse(StatusCodes.Status204NoContent, "The message is discarded.");
    }

    private static RouteHandlerBuilder WithDecision(this RouteHandlerBuilder endpoint) => endpoint
        .WithParameter("id", "The message's `id` in the list of parked messages.", Example.Id)
        .WithParameter("by", $"Who decides, in at most {OperatorDecision.MaxTextLength} characters.", OperatorDecision.Example.By, required: true)
        .WithParameter("reason", $"Why, in at most {OperatorDecision.MaxTextLength} characters.", OperatorDecision.Example.Reason, required: true)
        .WithErrors((OperatorDecision.Example with { Reason = null }).Validate())
        .WithResponse(StatusCodes.Status404NotFound, "No message with this id is parked.");

    private static ValidationErrors Limit(int count)
    {
        var errors = new ValidationErrors();
        errors.Check(count is >= 1 and <= MaxLimit, "limit", $"must be 1 to {MaxLimit}");
        return errors;
    }

    private static async Task<Results<Ok<ParkedMessagePage>, ValidationProblem>> ListAsync(
        long? after, int? limit, ParkedMessageStore store, CancellationToken cancellationToken)
    {
        var count = limit ?? DefaultLimit;
        var errors = Limit(count);
        if (!errors.None)
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
