using System.Net.Http.Headers;
using System.Net.Http.Json;
using OrderSample.Bench.Running;
using OrderSample.Nemesis.Checking;

namespace OrderSample.Nemesis.Running;

/// <summary>The person at the desk, who sends again what found no queue while something was unbound.</summary>
internal sealed class Operator(SystemUnderTest system, string token) : IDisposable
{
    private const string Name = "nemesis";
    private const string Reason = "It was sent while something was unbound.";

    private readonly HttpClient _http = new() { BaseAddress = system.Http("backoffice").BaseAddress };
    private bool _signedIn;

    /// <summary>Replays of dead letters.</summary>
    public int Replayed { get; private set; }

    /// <summary>Parked messages that were sent again.</summary>
    public int Sent { get; private set; }

    /// <summary>Replays a dead letter.</summary>
    /// <exception cref="HttpRequestException">Not possible for now.</exception>
    public async Task Replay(long id, CancellationToken cancellationToken)
    {
        if (!_signedIn)
            await Post("/access/sessions", new { token, name = Name }, cancellationToken);
        _signedIn = true;
        await Post($"/dead-letters/{id}/replay", new { reason = Reason }, cancellationToken);
        Replayed++;
    }

    /// <summary>Sends a parked message again.</summary>
    /// <exception cref="HttpRequestException">Not possible for now.</exception>
    public async Task SendAgain(OutboxFacts message, CancellationToken cancellationToken)
    {
        var service = SystemShape.DatabaseOf.Single(x => x.Value == message.Database).Key;
        using var http = system.Http(service);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/outbox/parked/{message.Id}/retry?by={Name}&reason={Uri.EscapeDataString(Reason)}");
        if (system.StateOf(service).EnvironmentVariables.FirstOrDefault(x => x.Name == "Operators__Key")?.Value is { } key)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        Sent++;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task Post(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync(path, body, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
