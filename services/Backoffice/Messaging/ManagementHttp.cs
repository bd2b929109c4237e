using System.Net.Http.Headers;
using System.Text;
using OrderSample.Backoffice.CollectingDeadLetters;

namespace OrderSample.Backoffice.Messaging;

/// <summary>How the broker's management interface is reached.</summary>
internal static class ManagementHttp
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Gives a client its address, and the broker's own user and password.</summary>
    public static void ConfigureManagement(this BrokerConnections broker, HttpClient http, DeadLetterOptions options)
    {
        http.BaseAddress = options.ManagementUrl;
        http.Timeout = Timeout;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(broker.UserInfo))));
    }

    /// <summary>Adds a client of the management interface, which asks another node when one is away.</summary>
    /// <typeparam name="TClient">The client.</typeparam>
    /// <param name="services">The service's.</param>
    public static void AddManagementClient<TClient>(this IServiceCollection services)
        where TClient : class =>
        // Without a propagator there are no spans: as traces of their own, the looks for new queues would bury the others.
        services.AddHttpClient<TClient>()
            .UseSocketsHttpHandler((handler, _) => handler.ActivityHeadersPropagator = null)
            .AddHttpMessageHandler<AnyNodeHandler>();
}
