namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>Counts up, and lets others wait for a count: a place in a run of many orders that the machine's speed does not move.</summary>
/// <param name="most">The highest count.</param>
internal sealed class Milestones(int most)
{
    private readonly TaskCompletionSource[] _reached =
        [.. Enumerable.Range(0, most).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

    private int _count;

    public void Next() => _reached[Interlocked.Increment(ref _count) - 1].SetResult();

    /// <param name="count">1 to the highest.</param>
    public Task Reaches(int count) => _reached[count - 1].Task;
}
