using Microsoft.AspNetCore.Diagnostics;

namespace OrderSample.Backoffice.Console;

/// <summary>Tells a person's browser, which is to get a page, from a program, which is to get an answer that it can read.</summary>
internal static class PageRequests
{
    private const string Html = "text/html";

    /// <summary>Whether somebody wants to look at a page.</summary>
    public static bool WantsPage(this HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.GetTypedHeaders().Accept.Any(x => x.MediaType.Equals(Html, StringComparison.OrdinalIgnoreCase));

    /// <summary>Shows a page where there is nothing, under the address that was asked for and with its status. Other errors stay what they are.</summary>
    public static void UseNotFoundPage(this WebApplication app)
    {
        // Not on a branch: that would have no routes.
        app.UseStatusCodePagesWithReExecute(NotFound.Path, createScopeForStatusCodePages: true);
        app.Use(async (context, next) =>
        {
            await next(context);
            var isForAPage = context.Response.StatusCode == StatusCodes.Status404NotFound && context.Request.WantsPage();
            if (!isForAPage && context.Features.Get<IStatusCodePagesFeature>() is { } feature)
                feature.Enabled = false;
        });
    }
}
