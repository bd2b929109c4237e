using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrderSample.AppHost.Switching;

namespace OrderSample.AppHost.Breaking;

/// <summary>Breaks things for the console's experiments, and puts them back.</summary>
internal sealed class BreakEndpoints(Breaks breaks) : ISwitchEndpoints
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(50);

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/breaks/{kind}", async (string kind, string target, HttpRequest request) =>
        {
            // No body where there is no choice.
            var details = request.HasJsonContentType() ? await request.ReadFromJsonAsync<JsonElement>() : default;
            return await DoAsync(kind, (fault, token) => breaks.BreakAsync(fault, target, details, token));
        });
        app.MapDelete("/breaks/{kind}", (string kind, string target) => DoAsync(kind, (fault, token) => breaks.MendAsync(fault, target, token)));
    }

    /// <summary>Once begun it is finished, even when the caller goes away.</summary>
    private async Task<IResult> DoAsync(string kind, Func<IFault, CancellationToken, Task> act)
    {
        if (breaks.Find(kind) is not { } fault)
            return Results.NotFound();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await act(fault, limit.Token);
            return Results.NoContent();
        }
        catch (Exception exception)
        {
            return Results.Json(new { detail = exception.Message }, contentType: "application/problem+json", statusCode: StatusCodes.Status409Conflict);
        }
    }
}
