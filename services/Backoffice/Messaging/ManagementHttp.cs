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
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(broker.Address.UserInfo))));
    }
}
