using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection;

namespace OrderSample.ServiceDefaults.Http;

/// <summary>
/// The names that a service answers to: the setting <c>AllowedHosts</c>, and without it those of this machine. A page from elsewhere
/// can have a name of its own lead to this machine (DNS rebinding), and could then read and change what is here.
/// </summary>
internal static class KnownHosts
{
    private static readonly string[] ThisMachine = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Has the framework answer any other name with 400.</summary>
    public static void AddKnownHosts(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration["AllowedHosts"]))
            builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = [.. ThisMachine]);
    }
}
