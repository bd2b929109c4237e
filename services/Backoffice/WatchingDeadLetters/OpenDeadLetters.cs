using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.WatchingDeadLetters;

/// <summary>Counts the open dead letters of each group now and then, for those who watch.</summary>
internal sealed class OpenDeadLetters(IServiceScopeFactory scopes, DeadLetterMetrics metrics, TimeProvider time, ILogger<OpenDeadLetters> logger) : BackgroundService
{
    /// <summary>The rest of the groups would only be more series than anybody can look at.</summary>
    private const int MaxGroups = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                await CountAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<BackofficeDbContext>();
            var groups = await context.DeadLetters.Where(letter => letter.Status == DeadLetterStatus.Open)
                .GroupBy(letter => new { letter.GroupId, letter.Cause, letter.Endpoint, letter.MessageType, letter.ExceptionType })
                .Select(group => new { group.Key, Count = group.Count() })
                .OrderByDescending(group => group.Count).Take(MaxGroups)
                .ToListAsync(cancellationToken);
            metrics.Open = groups.ConvertAll(group =>
                new OpenGroup(group.Key.Cause, group.Key.Endpoint, group.Key.MessageType, group.Key.ExceptionType, group.Count));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A gap, no old numbers.
            metrics.Open = null;
            logger.LogWarning(exception, "Open dead letters could not be counted; trying again in {Delay}", Interval);
        }
    }
}
