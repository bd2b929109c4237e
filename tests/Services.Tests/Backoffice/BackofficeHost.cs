using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Backoffice.Data;
using OrderSample.Services.Tests.Running;

namespace OrderSample.Services.Tests.Backoffice;

/// <summary>The backoffice.</summary>
public sealed class BackofficeHost : ServiceWithoutServers<BackofficeDbContext>
{
    /// <summary>Attempts to sign in that one address has in a minute.</summary>
    public const int Attempts = 5;

    public BackofficeHost()
    {
        Settings["DeadLetters:ManagementUrl"] = "http://127.0.0.1:1";
        Settings["SignIn:AttemptsPerMinute"] = $"{Attempts}";
    }

    /// <summary>Everything that can be asked for.</summary>
    public IEnumerable<RouteEndpoint> Endpoints => Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
}
