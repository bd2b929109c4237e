using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Auditing;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.EditingDeadLetters;

/// <summary>Body of a request to replay a dead letter with another body.</summary>
/// <param name="Message">The whole message as it is to be, without its envelope.</param>
/// <param name="Reason">Why.</param>
public sealed record EditRequest([property: Required] JsonElement? Message, string? Reason) : DecisionRequest(Reason);

/// <summary>Edits over HTTP.</summary>
internal static class EditDeadLetter
{
    public static void AddEditingDeadLetters(this WebApplicationBuilder builder) => builder.Services.AddScoped<Edit>();

    public static void MapEditingDeadLetters(this IEndpointRouteBuilder app) =>
        app.MapPost("/dead-letters/{id:long}/edit", EditAsync).WithName("EditDeadLetter").WithTags("Dead letters")
            .ForOperators("Edited and replayed a dead letter");

    private static async Task<Results<Accepted, NotFound, ProblemHttpResult, ValidationProblem>> EditAsync(
        long id, EditRequest request, ClaimsPrincipal person, Edit edit, BackofficeDbContext context, CancellationToken cancellationToken)
    {
        var outcome = await edit.AndReplayAsync(id, request.Message?.GetRawText(), request.Of(person), cancellationToken);
        if (!outcome.Errors.None)
            return outcome.Errors.ToResult();
        if (outcome.Problem is { } problem)
        {
            return TypedResults.Problem($"{problem.Text} The edited message is kept as dead letter {outcome.Edited}, which stays open.",
                statusCode: problem.CanPass ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status409Conflict);
        }

        if (outcome.Edited is { } edited)
            return TypedResults.Accepted($"/dead-letters/{edited}");
        return await context.DeadLetters.AnyAsync(letter => letter.Id == id, cancellationToken)
            ? TypedResults.Problem("It is not open any more.", statusCode: StatusCodes.Status409Conflict)
            : TypedResults.NotFound();
    }
}
