using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Auditing;
using OrderSample.Backoffice.Data;
using OrderSample.ServiceDefaults.Http;

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
        letters.MapPost("{id:long}/replay", ReplayAsync).WithName("ReplayDeadLetter").ForOperators("Replayed a dead letter");
        letters.MapPost("groups/{id:guid}/replay", ReplayGroupAsync).WithName("ReplayDeadLetterGroup").ForOperators("Replayed a group of dead letters");
    }

    private static async Task<Results<Accepted, NotFound, ProblemHttpResult, ValidationProblem>> ReplayAsync(
        long id, DecisionRequest request, ClaimsPrincipal person, Replay replay, BackofficeDbContext context, CancellationToken cancellationToken)
    {
        var decision = request.Of(person);
        var errors = decision.Validate();
        if (!errors.None)
            return errors.ToResult();

        var outcome = await replay.OneAsync(id, decision, cancellationToken);
        if (outcome.Problem is { } problem)
            return Refused(problem);

        if (outcome.Letter is not null)
            return TypedResults.Accepted($"/dead-letters/{id}");
        return await context.DeadLetters.AnyAsync(letter => letter.Id == id, cancellationToken)
            ? TypedResults.Problem("It is not open any more.", statusCode: StatusCodes.Status409Conflict)
            : TypedResults.NotFound();
    }

    private static async Task<Results<Ok<GroupReplay>, NotFound, ProblemHttpResult, ValidationProblem>> ReplayGroupAsync(
        Guid id, DecisionRequest request, ClaimsPrincipal person, Replay replay, CancellationToken cancellationToken)
    {
        var decision = request.Of(person);
        var errors = decision.Validate();
        if (!errors.None)
            return errors.ToResult();

        if (await replay.GroupAsync(id, decision, cancellationToken) is not { } outcome)
            return TypedResults.NotFound();
        return outcome.Problem is { } problem ? Refused(problem) : TypedResults.Ok(outcome.Counts);
    }

    private static ProblemHttpResult Refused(ReplayProblem problem) => TypedResults.Problem($"{problem.Text} What was to be replayed stays open.",
        statusCode: problem.CanPass ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status409Conflict);
}
