using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Aspire.Hosting.Dcp;

/// <summary>The engine's REST interface, as far as it is used here.</summary>
internal sealed class DcpClient : IDisposable
{
    private const string Root = "apis/usvc-dev.developer.microsoft.com/v1/";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly TimeSpan GonePoll = TimeSpan.FromMilliseconds(100);
    private readonly HttpClient _http;

    public DcpClient(Uri server, string token, SslClientAuthenticationOptions tls)
    {
        // Streams of logs and changes stay open as long as the application runs.
        _http = new HttpClient(new SocketsHttpHandler { SslOptions = tls }) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<T> Create<T>(string kind, DcpObject<T> item, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync(Root + kind, item, Json, cancellationToken);
        await EnsureSuccess(response, cancellationToken);
        return item.Spec;
    }

    public async Task<JsonElement> Get(string kind, string name, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync($"{Root}{kind}/{name}", cancellationToken);
        await EnsureSuccess(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    /// <summary>Asks for a stop; the process gets SIGTERM, and SIGKILL some seconds later.</summary>
    public async Task StopExecutable(string name, CancellationToken cancellationToken)
    {
        using var response = await Patch($"{Root}executables/{name}", new { spec = new { stop = true } }, cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
            await EnsureSuccess(response, cancellationToken);
    }

    /// <summary>Deletes an object and waits until it is gone, so that its name is free again.</summary>
    public async Task Delete(string kind, string name, CancellationToken cancellationToken)
    {
        using (var response = await _http.DeleteAsync($"{Root}{kind}/{name}", cancellationToken))
        {
            if (response.StatusCode == HttpStatusCode.NotFound)
                return;
            await EnsureSuccess(response, cancellationToken);
        }

        using var timer = new PeriodicTimer(GonePoll);
        do
        {
            using var response = await _http.GetAsync($"{Root}{kind}/{name}", cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Every executable now, then each change, without those that are being deleted; ends when the engine ends the stream.</summary>
    public async IAsyncEnumerable<DcpExecutableChange> WatchExecutables([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in ReadLines($"{Root}executables?watch=true", cancellationToken))
        {
            // The others, errors and bookmarks, are about the stream and no executable.
            if (JsonSerializer.Deserialize<DcpEvent>(line, Json) is not { Type: "ADDED" or "MODIFIED" } change)
                continue;
            // What is being deleted makes room for a new run, whose state it must not overwrite.
            var item = change.Object.Deserialize<DcpEventObject>(Json);
            if (item is { Metadata: { Name: { } name, Uid: { } uid, DeletionTimestamp: null }, Status: { } status })
                yield return new DcpExecutableChange(name, uid, status);
        }
    }

    /// <summary>The lines of a process's output from its start on, as they come; ends some seconds after the process.</summary>
    /// <param name="name">The executable.</param>
    /// <param name="source">stdout, stderr or system (the engine's own words about it).</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public IAsyncEnumerable<string> FollowLog(string name, string source, CancellationToken cancellationToken) =>
        ReadLines($"{Root}executables/{name}/log?source={source}&follow=true", cancellationToken);

    /// <summary>Ends the engine and everything that it runs.</summary>
    public async Task Shutdown(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(GonePoll);
        try
        {
            using (var response = await Patch("admin/execution", new { status = "Stopping", shutdownResourceCleanup = "Full" }, cancellationToken))
                await EnsureSuccess(response, cancellationToken);
            do
            {
                using var response = await _http.GetAsync("admin/execution", cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (HttpRequestException)
        {
            // Nobody answers any more: it is gone.
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task EnsureSuccess(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new DistributedApplicationException(
                $"Aspire's engine answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }

    private async Task<HttpResponseMessage> Patch(string path, object change, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(change, new MediaTypeHeaderValue("application/merge-patch+json"), Json);
        return await _http.PatchAsync(path, content, cancellationToken);
    }

    private async IAsyncEnumerable<string> ReadLines(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            yield break;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            yield return line;
    }
}
