using Microsoft.Net.Http.Headers;

namespace OrderSample.Backoffice.SigningIn;

/// <summary>Tells the browser to run and show nothing but what comes from here, and to keep it to itself.</summary>
internal static class SecureHeaders
{
    private const string Policy =
        "default-src 'self'; img-src 'self' data:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    public static void UseSecureHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            // A sign-in link is a secret, and must not be told to where another link leads.
            headers["Referrer-Policy"] = "no-referrer";
            // Static files say themselves how long they may be kept.
            headers.TryAdd(HeaderNames.CacheControl, "no-store");
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>
    /// Refuses what a page from elsewhere has the browser send here to have something done. The cookie's SameSite=Strict is not
    /// enough: another port of this machine is the same site.
    /// </summary>
    public static void UseOwnPagesOnly(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        var looksOnly = (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Headers.Upgrade.Count == 0;
        if (looksOnly || request.Headers["Sec-Fetch-Site"].ToString() is not ("cross-site" or "same-site"))
        {
            await next(context);
            return;
        }

        await TypedResults.Problem("Only the console's own pages may do this.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
    });
}
