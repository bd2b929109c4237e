using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.ServiceDefaults.Http;

/// <summary>Answers 503 when the database is away for the moment: nothing was stored, and the same request may be sent again.</summary>
internal sealed class TransientFailureHandler(
    IDatabaseProvider database, IProblemDetailsService problems, ILogger<TransientFailureHandler> logger) : IExceptionHandler
{
    public const int RetryAfterSeconds = 2;
    public const string Detail = "Not possible at the moment; try again.";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (!database.IsTransient(exception))
            return false;

        logger.LogWarning(exception, "The database failed for the moment");
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            Exception = exception,
            ProblemDetails = new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable, Detail = Detail },
        });
    }
}
