using OrderSample.Backoffice.Console.Access;
using OrderSample.Backoffice.Console.Alarms;
using OrderSample.Backoffice.Console.Chaos;
using OrderSample.Backoffice.Console.Desk;
using OrderSample.Backoffice.Console.Experiments;
using OrderSample.Backoffice.Console.Flow;
using OrderSample.Backoffice.Console.Handbook;
using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Console.Orders;
using OrderSample.Backoffice.Console.Parked;
using OrderSample.Backoffice.Console.Reconciling;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Console.Stock;

namespace OrderSample.Backoffice.Console;

/// <summary>
/// The web console. A page is a folder here: its components, its feeds in a class <c>…Page</c> that is called below, and
/// its line in NavigationMenu.razor.
/// </summary>
internal static class ConsoleExtensions
{
    public static void AddConsole(this WebApplicationBuilder builder)
    {
        // Also outside development: the files are read from where the build found them.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddSingleton<SourceOutages>();
        builder.AddServiceClients();
        builder.AddAlarmStrip();
        builder.AddOrdersPages();
        builder.AddAccessPages();
        builder.AddStockPages();
        builder.AddDeskPages();
        builder.AddParkedPages();
        builder.AddReconciliationPages();
        builder.AddFlowPages();
        builder.AddChaosPages();
        builder.AddExperimentPages();
        builder.Services.AddSingleton<HandbookFiles>();
        builder.Services.AddSingleton<HandbookAddresses>();
    }

    public static void MapConsole(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null);
    }
}
