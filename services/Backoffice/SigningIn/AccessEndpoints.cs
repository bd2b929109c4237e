using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.Auditing;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Data;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.SigningIn;

/// <summary>Body of <c>POST /access/sessions</c>.</summary>
/// <param name="Token">The token of a link.</param>
/// <param name="Name">Who signs in; at most 100 characters.</param>
public sealed record SignInRequest(string? Token, string? Name);

/// <summary>Body of <c>POST /access/links</c>.</summary>
/// <param name="Role">What the user of the link may do.</param>
public sealed record LinkRequest(PersonRole? Role);

/// <summary>A link that was made. It is told this once.</summary>
/// <param name="Link">The address to open in a browser.</param>
/// <param name="Role">What its user may do.</param>
/// <param name="ExpiresAt">Until when it can be used, UTC.</param>
public sealed record LinkResponse(Uri Link, PersonRole Role, DateTimeOffset ExpiresAt);

/// <summary>Signing in, and links for others, over HTTP.</summary>
internal static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder app)
    {
        var access = app.MapGroup("/access").WithTags("Access");
        access.MapPost("sessions", SignInAsync).WithName("SignIn").AllowAnonymous().RequireRateLimiting(SigningInExtensions.Attempts);
        access.MapPost("links", MakeLinkAsync).WithName("MakeSignInLink").ForOperators("Made a sign-in link");
        access.MapPost("links/app-host", MakeLinkForAppHostAsync).WithName("MakeSignInLinkForAppHost").AllowAnonymous().RequireRateLimiting(SigningInExtensions.Attempts);
    }

    /// <summary>The address that holds a token.</summary>
    public static Uri LinkTo(string consoleAddress, string token) => new($"{consoleAddress.TrimEnd('/')}/sign-in?token={Uri.EscapeDataString(token)}");

    private static async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> SignInAsync(SignInRequest request, SignIn signIn, HttpContext http)
    {
        var errors = new ValidationErrors();
        errors.Check(!string.IsNullOrEmpty(request.Token), "token", "is missing");
        errors.Check(SignIn.IsName(request.Name), "name", $"must say who signs in, in at most {SignIn.MaxNameLength} characters");
        if (!errors.None)
            return errors.ToResult();

        var state = await signIn.WithAsync(request.Token!, request.Name!.Trim(), http);
        return state == TokenState.Usable
            ? TypedResults.NoContent()
            : TypedResults.Problem(SignIn.Explain(state), statusCode: StatusCodes.Status401Unauthorized);
    }

    /// <summary>A link for an operator, asked for by the app host: whoever can use that one's commands runs the system anyway.</summary>
    private static async Task<Results<Created<LinkResponse>, UnauthorizedHttpResult>> MakeLinkForAppHostAsync(
        SignInLinks links, OperatorLog log, IOptions<AppHostOptions> appHost, HttpRequest http, CancellationToken cancellationToken)
    {
        if (!appHost.Value.IsKey(http.Headers[AppHostOptions.KeyHeader].ToString()))
            return TypedResults.Unauthorized();

        var host = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "the app host"), new Claim(ClaimTypes.Role, Roles.Operator)], "key"));
        var made = await links.MakeAsync(PersonRole.Operator, Roles.NameOf(host), cancellationToken);
        await log.RecordAsync(host, new OperatorDeed("Made a sign-in link", "access/links/app-host", null), OperatorLog.Done);
        var link = LinkTo($"{http.Scheme}://{http.Host}", made.Token);
        return TypedResults.Created((string?)null, new LinkResponse(link, PersonRole.Operator, made.ExpiresAt));
    }

    private static async Task<Results<Created<LinkResponse>, ValidationProblem>> MakeLinkAsync(
        LinkRequest request, SignInLinks links, ClaimsPrincipal person, HttpRequest http, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        if (!errors.Check(request.Role is not null && Enum.IsDefined(request.Role.Value), "role", "must be viewer or operator"))
            return errors.ToResult();

        var role = request.Role!.Value;
        var made = await links.MakeAsync(role, Roles.NameOf(person), cancellationToken);
        var link = LinkTo($"{http.Scheme}://{http.Host}", made.Token);
        return TypedResults.Created((string?)null, new LinkResponse(link, role, made.ExpiresAt));
    }
}
