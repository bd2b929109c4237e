namespace OrderSample.Backoffice.Console;

/// <summary>
/// Blazor's own script for the browser. With the package that has it, it is one of the static assets; without, the build has put
/// the one of Aspire's dashboard, which is a Blazor application as well, next to the program.
/// </summary>
internal static class BrowserScript
{
    private const string Path = "_framework/blazor.web.js";

    public static void MapBrowserScript(this WebApplication app)
    {
        var script = new FileInfo(System.IO.Path.Combine(AppContext.BaseDirectory, "blazor.web.js"));
        if (script.Exists)
        {
            app.MapGet($"/{Path}", () => TypedResults.PhysicalFile(script.FullName, "text/javascript", lastModified: script.LastWriteTimeUtc))
                .AllowAnonymous().ExcludeFromDescription();
        }
        else if (!app.Environment.WebRootFileProvider.GetFileInfo(Path).Exists)
        {
            app.Logger.LogError("The console can't be used: {Script} is missing. It comes with Aspire's dashboard: run 'npm ci' and "
                + "'node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire setup --non-interactive', and build again.", Path);
        }
    }
}
