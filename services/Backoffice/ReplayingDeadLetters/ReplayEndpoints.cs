using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.ReplayingDeadLetters;

/// <summary>Replays over HTTP.</summary>
internal static class ReplayEndpoints
{
    public static void AddReplayingDeadLetters(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ReplayPublisher>();
        builder.Services.AddScoped<Replay>();
    }

    public static void MapReplayingDeadLetters(this IEndpointRouteBuilder app)
    {
        var letters = app.MapGroup("/dead-letters").WithTags("Dead letters");
        letters.MapPost("{id:long}/replay", ReplayAsync).WithName("ReplayDeadLetter");
        letters.MapPost("groups/{id:guid}/replay", ReplayGroupAsync).WithName("ReplayDeadLetterGroup");
    }

    private static async Task<Results<Accepted, NotFound, ProblemHttpResult, ValidationProblem>> ReplayAsync(
        long id, Decision decision, Replay replay, BackofficeDbContext context, CancellationToken cancellationToken)
    {
        var errors = decision.Validate();
        if (!errors.None)
            return errors.ToResult();

        var outcome = await replay.OneAsync(id, decision, cancellationToken);
        if (outcome.Problem is { } problem)
        {
            return TypedResults.Problem($"{problem.Text} The dead letter stays open.",
                statusCode: problem.CanPass ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status409Conflict);
        }

        if (outcome.Letter is not null)
            return TypedResults.Accepted($"/dead-letters/{id}");
        return await context.DeadLetters.AnyAsync(letter => letter.Id == id, cancellationToken)
            ? TypedResults.Problem("It is not open any more.", statusCode: StatusCodes.Status409Conflict)
            : TypedResults.NotFound();
    }

    private static async Task<Results<Ok<GroupReplay>, NotFound, ValidationProblem>> ReplayGroupAsync(
        Guid id, Decision decision, Replay replay, CancellationToken cancellationToken)
    {
        var errors = decision.Validate();
        if (!errors.None)
            return errors.ToResult();

        return await replay.GroupAsync(id, decision, cancellationToken) is { } outcome ? TypedResults.Ok(outcome) : TypedResults.NotFound();
    }
}
