using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Telemetry;
using RabbitMQ.Client;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>
/// Compares what is a service's own at the broker with its configuration: before the bus starts, when other arguments end the service, and from then
/// on every <see cref="MessagingOptions.TopologyInterval"/>, when what is missing is declared anew and what can't be mended degrades the service,
/// as does a queue from which nobody consumes. Either way it says what to do.
/// </summary>
/// <remarks>A broker that is away is no reason not to start: then the first comparison is made when it is there.</remarks>
internal sealed class TopologyWatch(
    BrokerAddress broker, Func<IEnumerable<OwnTopology>> own, MessagingOptions options, IServiceProvider services, IHostApplicationLifetime lifetime,
    TimeProvider time, ILogger<TopologyWatch> logger) : BackgroundService, IHostedLifecycleService, IHealthCheck
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private TopologyFindings _found = TopologyFindings.None;
    private bool _lookedInVain;

    // Replaced as a whole: health is asked for from other threads.
    private volatile Knowledge _known = new(time.GetUtcNow(), Problems: null);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // Building the bus is what makes its endpoints known.
        services.GetRequiredService<IBusInstance>();
        await TryLook(cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Degraded, not unhealthy: what does not need the thing that is wrong goes on.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (at, problems) = _known;
        return Task.FromResult(problems is null || time.GetUtcNow() - at > 2 * options.TopologyInterval
            ? HealthCheckResult.Degraded($"Unknown since {at:O}: this service's queues and exchanges could not be looked at.")
            : problems.Count > 0
                ? HealthCheckResult.Degraded(string.Join(Environment.NewLine, problems.Select(problem => problem.Text)))
                : HealthCheckResult.Healthy());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var unrecorded = Unrecorded.Begin();
        try
        {
            while (true)
            {
                await Task.Delay(_lookedInVain ? RetryDelay : options.TopologyInterval, time, stoppingToken);
                await TryLook(stoppingToken);
            }
        }
        catch (BrokerTopologyException exception)
        {
            logger.LogCritical("{Problem}", exception.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    /// <summary>Looks, on a connection of its own: one that is kept would have to be watched as well.</summary>
    /// <exception cref="BrokerTopologyException">A queue or an exchange has other arguments, and this is the first look.</exception>
    private async Task TryLook(CancellationToken cancellationToken)
    {
        IConnection? connection = null;
        try
        {
            connection = await broker.ConnectAsync($"{AppDomain.CurrentDomain.FriendlyName} topology", cancellationToken);
            var isFirst = _known.Problems is null;
            var look = new TopologyLook(connection, _found, mends: !isFirst, logger, cancellationToken);
            await LookAtAll(look).WaitAsync(BrokerAddress.AnswerTimeout, cancellationToken);
            if (isFirst && look.Problems.FirstOrDefault(problem => problem.HasOtherArguments) is { } problem)
                throw new BrokerTopologyException(problem);
            Learn(look);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not BrokerTopologyException)
        {
            // Whatever it is: a look that fails is no reason to end the service.
            // Once: it is tried every second for as long as the broker is away.
            logger.Log(_lookedInVain ? LogLevel.Debug : LogLevel.Warning, "The queues can't be checked: {Problem}", exception.GetBaseException().Message);
            _lookedInVain = true;
        }
        finally
        {
            if (connection is not null)
                await BrokerAddress.CloseAsync(connection);
        }
    }

    private async Task LookAtAll(TopologyLook look)
    {
        foreach (var part in own())
            await look.LookAt(part);
    }

    private void Learn(TopologyLook look)
    {
        var before = _known.Problems ?? [];
        foreach (var problem in look.Problems.Except(before))
            logger.LogError("{Problem}", problem.Text);
        if (before.Count > 0 && look.Problems.Count == 0)
            logger.LogInformation("Queues, exchanges and bindings are complete again");
        _found = look.Findings;
        _known = new Knowledge(time.GetUtcNow(), look.Problems);
        _lookedInVain = false;
    }

    /// <summary>What is known of the topology.</summary>
    /// <param name="At">When it was looked at, or when the service started.</param>
    /// <param name="Problems">What was found; null when it was never looked at.</param>
    private sealed record Knowledge(DateTimeOffset At, IReadOnlyList<TopologyProblem>? Problems);
}

/// <summary>A queue or an exchange at the broker is not as this service is configured.</summary>
internal sealed class BrokerTopologyException(TopologyProblem problem) : Exception(problem.Text);
