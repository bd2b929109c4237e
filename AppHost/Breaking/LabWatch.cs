using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrderSample.AppHost.Breaking;

/// <summary>Cleans up after a run whose console has crashed, or was stopped: what it broke is put back here.</summary>
internal sealed class LabWatch(LabRuns runs, Mending mending, TimeProvider time, ILogger<LabWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (runs.Silent is not { } run)
                    continue;
                var problems = await mending.MendAsync(stoppingToken);
                // Only now may another one begin.
                runs.Abandon(run);
                logger.LogWarning("The console is not heard of any more in run {Run} of an experiment; what it broke is put back. {Problems}", run, string.Join(" ", problems));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }
}
