using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace OrderSample.ServiceDefaults.Http;

/// <summary>
/// A problem whose status is part of the endpoint's signature, so that the OpenAPI document can't forget it. The framework's
/// <see cref="ProblemHttpResult"/> has its status only when it is sent.
/// </summary>
public abstract class StatedProblem : IResult, IStatusCodeHttpResult
{
    private readonly ProblemHttpResult _result;

    private protected StatedProblem(int status, ProblemDetails problem)
    {
        problem.Status = status;
        _result = TypedResults.Problem(problem);
    }

    /// <summary>The status code.</summary>
    public int? StatusCode => _result.StatusCode;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => _result.ExecuteAsync(httpContext);

    private protected static void Declare(EndpointBuilder endpoint, int status) =>
        endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
}

/// <summary>The 409 answer: what is asked for does not go with what is stored.</summary>
/// <param name="detail">Why not.</param>
/// <param name="errors">The fields that don't, by their paths in the request.</param>
public sealed class ConflictProblem(string detail, ValidationErrors? errors = null)
    : StatedProblem(StatusCodes.Status409Conflict, errors is null ? new ProblemDetails { Detail = detail } : new HttpValidationProblemDetails(errors.ByField) { Detail = detail }),
        IEndpointMetadataProvider
{
    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Declare(builder, StatusCodes.Status409Conflict);
}

/// <summary>The 422 answer: the request is well formed, and can't be fulfilled.</summary>
/// <param name="detail">Why not.</param>
public sealed class UnprocessableProblem(string detail)
    : StatedProblem(StatusCodes.Status422UnprocessableEntity, new ProblemDetails { Detail = detail }), IEndpointMetadataProvider
{
    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Declare(builder, StatusCodes.Status422UnprocessableEntity);
}
