using System.Text.Json;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>A run that goes on: what its steps use to wait, to claim and to note, and what others read meanwhile.</summary>
/// <param name="experiment">What is carried out.</param>
/// <param name="by">Who started it.</param>
/// <param name="isStepwise">Whether somebody says when each step begins.</param>
/// <param name="system">The system that is experimented with.</param>
/// <param name="time">The clock.</param>
internal sealed class Trial(Experiment experiment, string by, bool isStepwise, LabSystem system, TimeProvider time)
{
    /// <summary>Orders that are listed; more are only counted.</summary>
    private const int MaxListed = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<Guid, OrderSeen> _orders = [];
    private readonly TrialSteps _steps = new(experiment.Steps, time);
    private LabRun _run = new(
        Guid.CreateVersion7(time.GetUtcNow()), experiment.About.Name, experiment.About.Title, by, RunStatus.Running, time.GetUtcNow(), EndedAt: null, Problem: null,
        isStepwise, WaitsForPerson: false, Steps: [], TrialSteps.PutBackStep, Checks: [], Sightings: [], OrderCount: 0, Orders: [],
        [.. experiment.Queues.Select(name => new FillSeen(name, null, 0))], [.. experiment.Outboxes.Select(name => new FillSeen(name, null, 0))]);

    /// <summary>The run.</summary>
    public Guid Id => _run.Id;

    /// <summary>Who started it.</summary>
    public string By => by;

    /// <summary>The product of this experiment.</summary>
    public string Sku => experiment.Sku;

    /// <summary>The system that is experimented with.</summary>
    public LabSystem System => system;

    /// <summary>Its steps.</summary>
    public TrialSteps Steps => _steps;

    /// <summary>The orders that it has placed.</summary>
    public IReadOnlyList<Guid> Orders
    {
        get
        {
            lock (_gate)
                return [.. _orders.Keys];
        }
    }

    /// <summary>How it stands.</summary>
    public LabRun Snapshot()
    {
        lock (_gate)
        {
            var (steps, putBack) = _steps.Read();
            return _run = _run with { Steps = steps, PutBack = putBack, OrderCount = _orders.Count, Orders = [.. _orders.Values.Take(MaxListed)] };
        }
    }

    /// <summary>Changes what is known of the run as a whole.</summary>
    public void Update(Func<LabRun, LabRun> change)
    {
        lock (_gate)
            _run = change(_run);
    }

    /// <summary>Asks again and again, until the answer is what is waited for. The step's deadline ends it.</summary>
    /// <param name="what">What is waited for, for people: "order … to be Completed".</param>
    /// <param name="ask">Asks. A service that can't be reached is asked again.</param>
    /// <param name="isIt">Whether that is it.</param>
    /// <param name="words">The answer for people.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T> UntilAsync<T>(string what, Func<CancellationToken, Task<T>> ask, Func<T, bool> isIt, Func<T, string> words, CancellationToken cancellationToken)
    {
        _steps.WaitFor(what);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                var answer = await ask(cancellationToken);
                _steps.See(words(answer));
                if (isIt(answer))
                    return answer;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException or IOException or JsonException)
            {
                _steps.See(exception is OperationCanceledException ? "no answer in time" : exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Claims something, on record.</summary>
    /// <exception cref="ExperimentFailedException">It does not hold.</exception>
    public void Claim(string claim, bool holds, string seen)
    {
        Update(run => run with { Checks = [.. run.Checks, new Check(claim, holds, seen)] });
        if (!holds)
            throw new ExperimentFailedException($"Not so: {claim} Seen: {seen}");
    }

    /// <summary>Keeps what was seen on the way.</summary>
    public void Note(string what, string text, string? page = null) => Update(run => run with { Sightings = [.. run.Sightings, new Sighting(what, text, page)] });

    /// <summary>Takes note of an order that is about to be placed.</summary>
    public void Add(Guid orderId, string? what = null)
    {
        lock (_gate)
            _orders[orderId] = new OrderSeen(orderId, Status: null, what);
    }

    /// <summary>Takes note of an order's state.</summary>
    public void Saw(OrderDetails order)
    {
        lock (_gate)
        {
            if (_orders.TryGetValue(order.OrderId, out var seen))
                _orders[order.OrderId] = seen with { Status = order.Status };
        }
    }

    /// <summary>Throws when a service did not do what was asked of it.</summary>
    /// <exception cref="ExperimentFailedException">It has a problem.</exception>
    public static void Must(string what, string? problem)
    {
        if (problem is not null)
            throw new ExperimentFailedException($"{what}: {problem}");
    }
}
