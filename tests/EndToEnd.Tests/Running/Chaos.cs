using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting.Testing;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>The chaos switch of a service; the next setting, or <see cref="Off"/>, ends what this one does.</summary>
internal sealed class Chaos(OrderSystem system, string service) : IAsyncDisposable
{
    public async Task Set(object settings)
    {
        using var http = system.App.CreateHttpClient(service);
        using var response = await http.PutAsJsonAsync("/chaos", settings);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    public Task Off() => Set(new { });

    /// <summary>No test leaves a broken service to the next one.</summary>
    public async ValueTask DisposeAsync() => await Off();
}
