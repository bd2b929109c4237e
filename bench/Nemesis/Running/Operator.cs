using System.Net.Http.Json;
using OrderSample.Bench.Running;

namespace OrderSample.Nemesis.Running;

/// <summary>The person at the dead-letter desk, who replays what was published while something was unbound.</summary>
internal sealed class Operator(SystemUnderTest system, string token) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = system.Http("backoffice").BaseAddress };
    private readonly HashSet<long> _replayed = [];
    private bool _signedIn;

    /// <summary>How many were replayed.</summary>
    public int Replayed => _replayed.Count;

    /// <summary>Replays a dead letter, once.</summary>
    /// <exception cref="HttpRequestException">Not possible for now.</exception>
    public async Task Replay(long id, CancellationToken cancellationToken)
    {
        if (_replayed.Contains(id))
            return;
        if (!_signedIn)
            await Post("/access/sessions", new { token, name = "nemesis" }, cancellationToken);
        _signedIn = true;
        await Post($"/dead-letters/{id}/replay", new { reason = "It was published while something was unbound." }, cancellationToken);
        _replayed.Add(id);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task Post(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync(path, body, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
