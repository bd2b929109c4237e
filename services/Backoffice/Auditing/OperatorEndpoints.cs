using Microsoft.AspNetCore.Http.HttpResults;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.SigningIn;

namespace OrderSample.Backoffice.Auditing;

/// <summary>The same for what is done over HTTP.</summary>
internal static class OperatorEndpoints
{
    /// <summary>Lets only operators in, and puts on record what they do, with the body's reason if it has one.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="what">What it does, in the past tense.</param>
    public static RouteHandlerBuilder ForOperators(this RouteHandlerBuilder endpoint, string what) =>
        endpoint.RequireAuthorization(Roles.Operator)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
            .AddEndpointFilter(async (context, next) =>
            {
                var http = context.HttpContext;
                var log = http.RequestServices.GetRequiredService<OperatorLog>();
                var reason = context.Arguments.OfType<DecisionRequest>().FirstOrDefault()?.Reason;
                var deed = new OperatorDeed(what, http.Request.Path.Value!.TrimStart('/'), reason);
                var id = await log.BeginAsync(http.User, deed, http.RequestAborted);
                try
                {
                    var result = await next(context);
                    await log.EndAsync(id, deed, Outcome(result));
                    return result;
                }
                catch (Exception exception)
                {
                    await log.EndAsync(id, deed, exception.Message);
                    throw;
                }
            });

    private static string Outcome(object? result)
    {
        var answer = result is INestedHttpResult nested ? nested.Result : result;
        return answer switch
        {
            ProblemHttpResult problem => problem.ProblemDetails.Detail ?? $"{problem.StatusCode}",
            IStatusCodeHttpResult { StatusCode: >= StatusCodes.Status400BadRequest and var status } => $"Refused ({status})",
            _ => OperatorLog.Done,
        };
    }
}
