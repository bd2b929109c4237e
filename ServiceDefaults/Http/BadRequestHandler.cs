using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace OrderSample.ServiceDefaults.Http;

/// <summary>Answers a request that can't be read with a problem that names the field, if there is one.</summary>
internal sealed class BadRequestHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException bad)
            return false;

        context.Response.StatusCode = bad.StatusCode;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            Exception = exception,
            ProblemDetails = bad.StatusCode == StatusCodes.Status400BadRequest ? Unreadable(bad) : new ProblemDetails { Status = bad.StatusCode },
        });
    }

    /// <summary>The problem with a request of which no field can be named.</summary>
    public static HttpValidationProblemDetails Unreadable()
    {
        var errors = new ValidationErrors();
        errors.Add("", "The body, or a value in the path or the query, is missing or can't be read");
        return errors.ToProblem();
    }

    private static HttpValidationProblemDetails Unreadable(BadHttpRequestException bad)
    {
        if (bad.InnerException is not JsonException json)
            return Unreadable();
        var errors = new ValidationErrors();
        errors.Add(Field(json.Path), "is not known, not of the right type, too precise or not valid JSON");
        return errors.ToProblem();
    }

    /// <summary>The parser says <c>$.lines[0].sku</c>; our own rules say <c>lines[0].sku</c>.</summary>
    private static string Field(string? path) => path is null or "$" ? "" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
}
