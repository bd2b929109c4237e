using OrderSample.Backoffice.Console.Components;

namespace OrderSample.Backoffice.Console.Bulk;

/// <summary>What became of one of many.</summary>
/// <param name="IsDone">Whether it was done.</param>
/// <param name="Problem">Why it was not; null when it was done, or somebody had decided already.</param>
internal readonly record struct BulkOutcome(bool IsDone, string? Problem = null);

/// <summary>How a decision about many is told.</summary>
/// <param name="One">What it is about: "dead letter".</param>
/// <param name="Many">The same of several.</param>
/// <param name="Done">What is done to it: "replayed".</param>
internal sealed record BulkWords(string One, string Many, string Done);

/// <summary>One decision about many, and how far it is. It is carried out by several threads while a page looks on.</summary>
/// <param name="words">How it is told.</param>
/// <param name="steps">What is done for each.</param>
/// <param name="atATime">How many of them at a time.</param>
internal sealed class BulkRun(BulkWords words, IReadOnlyList<Func<CancellationToken, Task<BulkOutcome>>> steps, int atATime)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _problems = [];
    private int _done;
    private int _decided;
    private int _failed;

    /// <summary>How many it is about.</summary>
    public int Count => steps.Count;

    /// <summary>How many have an outcome.</summary>
    public int Finished
    {
        get
        {
            lock (_lock)
                return _done + _decided + _failed;
        }
    }

    /// <summary>What went wrong, and how often, the most frequent first.</summary>
    public IReadOnlyList<(string Problem, int Count)> Problems
    {
        get
        {
            lock (_lock)
                return [.. _problems.OrderByDescending(x => x.Value).Select(x => (x.Key, x.Value))];
        }
    }

    /// <summary>Whether all that was meant was done.</summary>
    public bool IsDone
    {
        get
        {
            lock (_lock)
                return _done == Count;
        }
    }

    /// <summary>Carries it out, one after another. When it is stopped, those that are begun are ended, and the rest stays as it is.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await Parallel.ForEachAsync(steps, new ParallelOptions { MaxDegreeOfParallelism = atATime, CancellationToken = stop },
                async (step, cancellationToken) => Note(await step(cancellationToken)));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It says how far it came.
        }
    }

    /// <summary>The outcomes in words, such as "10 of 12 dead letters: 8 replayed, 1 already decided, 1 failed".</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            var counts = new List<string> { $"{_done} {words.Done}" };
            if (_decided > 0)
                counts.Add($"{_decided} already decided");
            if (_failed > 0)
                counts.Add($"{_failed} failed");
            return $"{_done + _decided + _failed} of {Quantity.Of(Count, words.One, words.Many)}: {string.Join(", ", counts)}";
        }
    }

    private void Note(BulkOutcome outcome)
    {
        lock (_lock)
        {
            if (outcome.IsDone)
                _done++;
            else if (outcome.Problem is null)
                _decided++;
            else
                _failed++;
            if (outcome.Problem is { } problem)
                _problems[problem] = _problems.GetValueOrDefault(problem) + 1;
        }
    }
}
