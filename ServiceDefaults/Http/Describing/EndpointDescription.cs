using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace OrderSample.ServiceDefaults.Http.Describing;

/// <summary>What an endpoint's body looks like.</summary>
internal sealed record RequestExample(object Body);

/// <summary>When an endpoint answers with a status, what that looks like, and its Location header.</summary>
internal sealed record ResponseExample(int Status, string? Description, object? Body, string? Location = null);

/// <summary>What a parameter in the path or the query means.</summary>
internal sealed record ParameterExample(string Name, string Description, object? Value, bool Required);

/// <summary>Says of an endpoint that it answers from memory, also while the database is away.</summary>
internal sealed record NeedsNoDatabase;

/// <summary>
/// What an endpoint has to say about itself in the OpenAPI document. Examples are the API's own types, and are written as
/// the API writes them. What every endpoint can answer is said once, in <see cref="OperationDescription"/>.
/// </summary>
public static class EndpointDescription
{
    /// <summary>Shows a body that is accepted.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="body">The body.</param>
    public static RouteHandlerBuilder WithRequestExample(this RouteHandlerBuilder endpoint, object body) =>
        endpoint.WithMetadata(new RequestExample(body));

    /// <summary>Says when the endpoint answers so, and shows it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="status">The status code.</param>
    /// <param name="description">When, or what is in it.</param>
    /// <param name="example">The body.</param>
    /// <param name="location">The Location header, when there is one.</param>
    public static RouteHandlerBuilder WithResponse(
        this RouteHandlerBuilder endpoint, int status, string description, object? example = null, string? location = null) =>
        endpoint.WithMetadata(new ResponseExample(status, description, example, location));

    /// <summary>Says when the endpoint refuses, and shows the problem.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="status">The status code.</param>
    /// <param name="detail">The problem's detail.</param>
    /// <param name="description">When; missing: the detail says it.</param>
    /// <param name="errors">What is wrong by field, when the problem says that.</param>
    public static RouteHandlerBuilder WithProblem(
        this RouteHandlerBuilder endpoint, int status, string detail, string? description = null, ValidationErrors? errors = null)
    {
        var problem = errors?.ToProblem() ?? new ProblemDetails();
        (problem.Status, problem.Detail) = (status, detail);
        return endpoint.WithMetadata(new ResponseExample(status, description ?? detail, problem));
    }

    /// <summary>Shows what the endpoint says about a bad request.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="errors">What its own validation says about one.</param>
    public static RouteHandlerBuilder WithErrors(this RouteHandlerBuilder endpoint, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return endpoint.WithMetadata(new ResponseExample(StatusCodes.Status400BadRequest, null, errors.ToProblem()));
    }

    /// <summary>Says what a parameter in the path or the query means, and shows one.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="description">What it means.</param>
    /// <param name="example">A value.</param>
    /// <param name="required">Whether the endpoint refuses a request without it, though it reads one.</param>
    public static RouteHandlerBuilder WithParameter(
        this RouteHandlerBuilder endpoint, string name, string description, object? example = null, bool required = false) =>
        endpoint.WithMetadata(new ParameterExample(name, description, example, required));

    /// <summary>Says that the endpoint answers also while the database is away.</summary>
    internal static RouteHandlerBuilder WithoutDatabase(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new NeedsNoDatabase());
}
