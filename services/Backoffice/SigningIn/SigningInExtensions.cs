using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.Auditing;
using OrderSample.Backoffice.Console;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.SigningIn;

/// <summary>Lets in only who has signed in: every endpoint that doesn't say otherwise asks for it.</summary>
internal static class SigningInExtensions
{
    /// <summary>Name of the limit for attempts to sign in.</summary>
    public const string Attempts = "sign-in";

    public static void AddSigningIn(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<SignInLinks>();
        services.AddScoped<SignIn>();
        services.AddSingleton<OperatorLog>();
        services.AddScoped<Acting>();

        services.AddDataProtection().SetApplicationName("OrderSample.Backoffice").PersistKeysToDbContext<BackofficeDbContext>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(ConfigureCookie);
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<IOptions<SignInOptions>>((cookie, signIn) => cookie.ExpireTimeSpan = signIn.Value.SessionLifetime);
        services.AddAuthorizationBuilder()
            .AddPolicy(Roles.Operator, policy => policy.RequireRole(Roles.Operator))
            .SetDefaultPolicy(SignedIn).SetFallbackPolicy(SignedIn);
        services.AddCascadingAuthenticationState();
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<SignInOptions>>((limiter, signIn) => limiter.AddPolicy(Attempts, http => LimitOf(http, signIn.Value)));
    }

    /// <summary>Call it before mapping endpoints.</summary>
    public static void UseSigningIn(this WebApplication app)
    {
        app.UseOwnPagesOnly();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static AuthorizationPolicy SignedIn { get; } = new AuthorizationPolicyBuilder().RequireRole(Roles.Viewer, Roles.Operator).Build();

    private static void ConfigureCookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "ordersample-console";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.SlidingExpiration = true;
        cookie.Events.OnRedirectToLogin = context => RefuseAsync(context, StatusCodes.Status401Unauthorized, "Sign in first: POST /access/sessions.");
        cookie.Events.OnRedirectToAccessDenied = context => RefuseAsync(context, StatusCodes.Status403Forbidden, "Only an operator may do this.");
    }

    /// <summary>A person is sent to the page for signing in, a program gets an answer that it can read.</summary>
    private static Task RefuseAsync(RedirectContext<CookieAuthenticationOptions> context, int status, string detail)
    {
        if (context.Request.WantsPage() && status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Redirect("/sign-in");
            return Task.CompletedTask;
        }

        return TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context.HttpContext);
    }

    private static RateLimitPartition<string> LimitOf(HttpContext http, SignInOptions options) => HttpMethods.IsPost(http.Request.Method)
        ? RateLimitPartition.GetFixedWindowLimiter(http.Connection.RemoteIpAddress?.ToString() ?? "unknown",
            _ => new FixedWindowRateLimiterOptions { PermitLimit = options.AttemptsPerMinute, Window = TimeSpan.FromMinutes(1) })
        : RateLimitPartition.GetNoLimiter("");
}
