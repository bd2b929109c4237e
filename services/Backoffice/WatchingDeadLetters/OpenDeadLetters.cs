using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.WatchingDeadLetters;

/// <summary>Counts the open dead letters of each group now and then, for those who watch.</summary>
internal sealed class OpenDeadLetters : BackgroundService
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OrderSample.Backoffice";

    /// <summary>The rest of the groups would only be more series than anybody can look at.</summary>
    private const int MaxGroups = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly ILogger<OpenDeadLetters> _logger;
    private IReadOnlyList<Measurement<int>> _counts = [];

    public OpenDeadLetters(IServiceScopeFactory scopes, IMeterFactory meters, TimeProvider time, ILogger<OpenDeadLetters> logger)
    {
        (_scopes, _time, _logger) = (scopes, time, logger);
        // The factory owns the meter.
        meters.Create(MeterName).CreateObservableGauge("ordersample.dead_letters.open", () => _counts, "{message}",
            "Dead letters that wait for a person, by endpoint, message type and exception type.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
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
            await using var scope = _scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<BackofficeDbContext>();
            var groups = await context.DeadLetters.Where(letter => letter.Status == DeadLetterStatus.Open)
                .GroupBy(letter => new { letter.GroupId, letter.Cause, letter.Endpoint, letter.MessageType, letter.ExceptionType })
                .Select(group => new { group.Key, Count = group.Count() })
                .OrderByDescending(group => group.Count).Take(MaxGroups)
                .ToListAsync(cancellationToken);
            _counts = groups.ConvertAll(group => new Measurement<int>(group.Count,
                new("cause", group.Key.Cause.ToString()), new("endpoint", group.Key.Endpoint),
                new("message_type", group.Key.MessageType), new("exception_type", group.Key.ExceptionType)));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _logger.LogWarning(exception, "Open dead letters could not be counted; trying again in {Delay}", Interval);
        }
    }
}

/// <summary>Registers the metrics.</summary>
internal static class WatchingExtensions
{
    public static void AddWatchingDeadLetters(this WebApplicationBuilder builder) => builder.Services.AddHostedService<OpenDeadLetters>();
}
