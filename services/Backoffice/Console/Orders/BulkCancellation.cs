using OrderSample.Backoffice.Console.Components;

namespace OrderSample.Backoffice.Console.Orders;

/// <summary>How cancelling many orders stands: how many are done, and of the others how many for which reason not.</summary>
/// <param name="count">How many orders are to be cancelled.</param>
internal sealed class BulkCancellation(int count)
{
    private readonly SortedDictionary<string, int> _refusals = new(StringComparer.Ordinal);
    private int _cancelled;

    /// <summary>How many orders are to be cancelled.</summary>
    public int Count => count;

    /// <summary>How many were asked for so far, with whatever outcome.</summary>
    public int Asked => _cancelled + _refusals.Values.Sum();

    /// <summary>Takes an outcome in.</summary>
    /// <param name="problem">Why the order can't be cancelled; null when it can.</param>
    public void Add(string? problem)
    {
        if (problem is null)
            _cancelled++;
        else
            _refusals[problem] = _refusals.GetValueOrDefault(problem) + 1;
    }

    /// <summary>What came of it, for people.</summary>
    public Outcome.Notice Result()
    {
        var parts = _refusals.Select(refusal => $"{refusal.Value} not cancelled: {refusal.Key}")
            .Prepend($"{Quantity.Of(_cancelled, "order is", "orders are")} being cancelled.");
        if (Asked < count)
            parts = parts.Append($"Stopped before the other {count - Asked}.");
        return new(string.Join(' ', parts), IsProblem: _refusals.Count > 0);
    }
}
