using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrderSample.Servers;

/// <summary>
/// Tells that something has become healthy as soon as it has. Aspire itself asks again after one, two, and up to five seconds, which adds
/// up where one thing waits for another. Once it is healthy, the first failure is reported without waiting.
/// </summary>
internal sealed class PatientCheck(Func<CancellationToken, Task> ask) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private bool _healthy;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var pause = Pause;
        for (var begin = Stopwatch.GetTimestamp(); ; await Task.Delay(pause, cancellationToken), pause = pause < LongestPause ? pause * 1.2 : LongestPause)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            enough.CancelAfter(Timeout);
            try
            {
                await ask(enough.Token);
                _healthy = true;
                return HealthCheckResult.Healthy();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (!_healthy && Stopwatch.GetElapsedTime(begin) < Patience)
                    continue;
                _healthy = false;
                return HealthCheckResult.Unhealthy(exception.Message);
            }
        }
    }
}

/// <summary>Adds health checks to resources.</summary>
public static class PatientCheckExtensions
{
    /// <summary>Has a resource count as healthy while <paramref name="ask"/> succeeds; whoever waits for the resource waits for that.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="ask">Throws, with a message for people, while it is not healthy.</param>
    /// <param name="name">What is asked; tells a resource's checks from one another.</param>
    public static IResourceBuilder<T> IsHealthyWhile<T>(this IResourceBuilder<T> resource, Func<CancellationToken, Task> ask, string name = "check")
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        var key = $"{resource.Resource.Name}_{name}";
        resource.ApplicationBuilder.Services.AddHealthChecks().AddCheck(key, new PatientCheck(ask));
        return resource.WithHealthCheck(key);
    }
}
