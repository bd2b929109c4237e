using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Auditing;
using OrderSample.Backoffice.Data;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.DiscardingDeadLetters;

/// <summary>Closes a case whose message is not to be handled any more. The row, with the message, stays.</summary>
internal sealed class Discard(BackofficeDbContext context, TimeProvider time, ILogger<Discard> logger)
{
    /// <returns>False when there is no such case, or it is not open.</returns>
    public async Task<bool> OneAsync(long id, OperatorDecision decision, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var letter = await context.LockAsync(id, cancellationToken);
        if (letter is not { Status: DeadLetterStatus.Open })
            return false;

        letter.Discard();
        context.Add(DeadLetterAction.Of(decision, id, DeadLetterActionKind.Discarded, time.GetUtcNow()));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        logger.LogInformation("Discarded dead letter {Id} ({MessageType} to {Endpoint}), by {By}: {Reason}",
            id, letter.MessageType, letter.Endpoint, decision.By, decision.Reason);
        return true;
    }
}

/// <summary>Discards over HTTP.</summary>
internal static class DiscardDeadLetter
{
    public static void AddDiscardingDeadLetters(this WebApplicationBuilder builder) => builder.Services.AddScoped<Discard>();

    public static void MapDiscardingDeadLetters(this IEndpointRouteBuilder app) =>
        app.MapPost("/dead-letters/{id:long}/discard", DiscardAsync).WithName("DiscardDeadLetter").WithTags("Dead letters")
            .ForOperators("Discarded a dead letter");

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult, ValidationProblem>> DiscardAsync(
        long id, DecisionRequest request, ClaimsPrincipal person, Discard discard, BackofficeDbContext context, CancellationToken cancellationToken)
    {
        var decision = request.Of(person);
        var errors = decision.Validate();
        if (!errors.None)
            return errors.ToResult();
        if (await discard.OneAsync(id, decision, cancellationToken))
            return TypedResults.NoContent();
        return await context.DeadLetters.AnyAsync(letter => letter.Id == id, cancellationToken)
            ? TypedResults.Problem("It is not open any more.", statusCode: StatusCodes.Status409Conflict)
            : TypedResults.NotFound();
    }
}
