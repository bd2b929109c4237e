using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace OrderSample.Servers;

/// <summary>Asks a node whether it takes messages. One with an alarm greets its clients, and reads nothing that they publish.</summary>
internal static class BrokerAlarms
{
    private static readonly HttpClient Http = new();

    /// <summary>Ends well when there is none.</summary>
    /// <param name="management">Address of the node's management interface.</param>
    /// <param name="password">The administrator's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">A memory or disk alarm blocks publishers.</exception>
    /// <exception cref="HttpRequestException">The interface does not answer yet.</exception>
    public static async Task EnsureNone(string management, string password, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{management}/api/health/checks/local-alarms");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"guest:{password}")));
        using var response = await Http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            throw new InvalidOperationException($"The broker takes no messages, because memory or disk space is short: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        response.EnsureSuccessStatusCode();
    }
}
