using OrderSample.Backoffice.Console.Components;

namespace OrderSample.Backoffice.Console.Desk;

/// <summary>What is decided about many dead letters.</summary>
internal enum BulkDecision
{
    /// <summary>To give them back to the broker.</summary>
    Replay,

    /// <summary>Not to handle them any more.</summary>
    Discard,
}

/// <summary>What became of one of them.</summary>
/// <param name="IsDone">Whether it was replayed or discarded.</param>
/// <param name="Problem">Why it was not, and stays open; null when it was done, or somebody had decided already.</param>
internal readonly record struct BulkOutcome(bool IsDone, string? Problem = null);

/// <summary>One decision about many dead letters, and how far it is. Threads note their outcomes here while a page looks on.</summary>
/// <param name="what">The decision.</param>
/// <param name="ids">The dead letters.</param>
/// <param name="leftOut">How many more were meant, and are no messages: they can't be replayed.</param>
internal sealed class BulkRun(BulkDecision what, IReadOnlyList<long> ids, int leftOut)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _problems = [];
    private int _done;
    private int _decided;
    private int _failed;

    public BulkDecision What => what;

    public IReadOnlyList<long> Ids => ids;

    public int LeftOut => leftOut;

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
                return _done == ids.Count;
        }
    }

    public void Note(BulkOutcome outcome)
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

    /// <summary>The outcomes in words, such as "10 of 12 dead letters: 8 replayed, 1 already decided, 1 failed".</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            var counts = new List<string> { $"{_done} {(what == BulkDecision.Replay ? "replayed" : "discarded")}" };
            if (_decided > 0)
                counts.Add($"{_decided} already decided");
            if (_failed > 0)
                counts.Add($"{_failed} failed");
            return $"{_done + _decided + _failed} of {Quantity.Of(ids.Count, "dead letter", "dead letters")}: {string.Join(", ", counts)}";
        }
    }
}
