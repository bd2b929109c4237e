using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace OrderSample.Backoffice.Console.Services;

/// <summary>Configuration section <c>AppHost</c>: who can stop and start services. The app host says so to what it runs.</summary>
public sealed class AppHostOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "AppHost";

    /// <summary>Its address; null when nobody here can.</summary>
    public Uri? Url { get; init; }

    /// <summary>What lets the console in there, and the app host in here.</summary>
    public string? Key { get; init; }

    /// <summary>Whether it lets the console run experiments: where the services can be broken on purpose.</summary>
    public bool RunsExperiments { get; init; }

    /// <summary>The request header with the key.</summary>
    internal const string KeyHeader = "X-AppHost-Key";

    /// <summary>Whether it is the key. Where there is no app host, nothing is.</summary>
    internal bool IsKey(string key) =>
        Key is { Length: > 0 } right && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(right));
}

/// <summary>How something that the app host runs is.</summary>
/// <param name="Name">The service or server.</param>
/// <param name="State">Such as <c>Running</c>, <c>Stopped</c> or <c>Crashed</c>; of several replicas, that of those which do not run.</param>
/// <param name="Running">Replicas that run.</param>
/// <param name="Replicas">Replicas that there are.</param>
/// <param name="Since">Since when it is so, UTC; null before anything is known.</param>
/// <param name="ExitCode">What its process ended with; null while it runs, or when nobody knows.</param>
/// <param name="StoppedBy">The operator who had it stopped; null when nobody did.</param>
public sealed record HostedResource(string Name, string State, int Running, int Replicas, DateTimeOffset? Since = null, int? ExitCode = null, string? StoppedBy = null)
{
    /// <summary>Whether there is a replica to start.</summary>
    public bool CanStart => Running < Replicas && State is ("Stopped" or "Crashed" or "NotStarted");
}

/// <summary>The app host, as far as it lets the console stop and start what it runs.</summary>
/// <param name="http">Its address, and the key.</param>
public sealed class AppHostClient(HttpClient http)
{
    /// <summary>Whether there is one: not where the services are run by something else.</summary>
    public bool IsThere => http.BaseAddress is not null;

    /// <summary>Reads how what can be stopped and started is; null when nothing can.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<HostedResource>?> ListAsync(CancellationToken cancellationToken) =>
        IsThere ? await http.ReadAsync<IReadOnlyList<HostedResource>>("/resources", cancellationToken) : null;

    /// <summary>Stops all replicas, and waits until they have ended.</summary>
    /// <param name="name">The service or server.</param>
    /// <param name="by">The operator.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Why not; null when they have.</returns>
    public Task<string?> StopAsync(string name, string by, CancellationToken cancellationToken) =>
        http.DoAsync(HttpMethod.Post, $"/resources/{Uri.EscapeDataString(name)}/stop?by={Uri.EscapeDataString(by)}", cancellationToken);

    /// <summary>Starts all replicas; that they are ready takes some seconds more.</summary>
    /// <param name="name">The service or server.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Why not; null when they start.</returns>
    public Task<string?> StartAsync(string name, CancellationToken cancellationToken) =>
        http.DoAsync(HttpMethod.Post, $"/resources/{Uri.EscapeDataString(name)}/start", cancellationToken);

    internal static void Configure(IServiceProvider services, HttpClient http)
    {
        var options = services.GetRequiredService<IOptions<AppHostOptions>>().Value;
        http.BaseAddress = options.Url;
        // A service finishes its work before it stops.
        http.Timeout = TimeSpan.FromSeconds(60);
        if (options.Key is { Length: > 0 } key)
            http.DefaultRequestHeaders.Add(AppHostOptions.KeyHeader, key);
    }
}
