using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using OrderSample.Servers;

namespace OrderSample.AppHost.LeastPrivilege;

/// <summary>A service's user at the broker.</summary>
internal sealed class BrokerAccount(Broker broker, string name, ParameterResource password)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Makes the user, or changes it to what it is to be.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        var access = BrokerAccess.Of(name);
        var administrator = new Uri((await broker.Resource.Resource.GetConnectionStringAsync(cancellationToken))!);
        using var http = new HttpClient { BaseAddress = new Uri(broker.Nodes[0].Management.Url), Timeout = Timeout };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(administrator.UserInfo))));

        using var user = await http.PutAsJsonAsync($"api/users/{name}",
            new { password = await password.GetValueAsync(cancellationToken), tags = access.Tags }, cancellationToken);
        user.EnsureSuccessStatusCode();
        using var permissions = await http.PutAsJsonAsync($"api/permissions/%2F/{name}",
            new { configure = access.Configure, write = access.Write, read = access.Read }, cancellationToken);
        permissions.EnsureSuccessStatusCode();
    }
}
