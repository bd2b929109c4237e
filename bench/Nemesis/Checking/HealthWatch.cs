using System.Diagnostics;
using System.Text.Json;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Checking;

/// <summary>Watches services become healthy after the last fault.</summary>
internal sealed class HealthWatch(Victim victim)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Twice as long as a service may take, to be able to say how long it took.</summary>
    private static readonly TimeSpan Patience = 2 * ServiceRules.GreenWithin;

    /// <summary>How long each service takes from now on.</summary>
    public async Task<IReadOnlyDictionary<string, HealthFacts>> All(CancellationToken cancellationToken)
    {
        var watched = await Task.WhenAll(SystemShape.Services.Select(async service => (service, Health: await One(service, cancellationToken))));
        return watched.ToDictionary(x => x.service, x => x.Health);
    }

    private async Task<HealthFacts> One(string service, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        using var http = victim.System.Http(service);
        http.Timeout = AnswerTimeout;
        using var timer = new PeriodicTimer(Interval);
        string? problem = null;
        do
        {
            if (await Problem(http, cancellationToken) is not { } found)
                return new HealthFacts(Stopwatch.GetElapsedTime(begin), problem);
            problem = found;
        }
        while (Stopwatch.GetElapsedTime(begin) < Patience && await timer.WaitForNextTickAsync(cancellationToken));
        return new HealthFacts(After: null, problem);
    }

    /// <returns>Null when there is none.</returns>
    private static async Task<string?> Problem(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync("/health/ready", cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return JsonElement.Parse(text).GetProperty("status").GetString() == "Healthy" ? null : text;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return exception.Message;
        }
    }
}
