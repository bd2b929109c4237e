namespace OrderSample.Tests.Running;

internal static class Waiting
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Polls until <paramref name="read"/> gives <paramref name="expected"/>; fails with the last value at the deadline.</summary>
    public static async Task Until<T>(T expected, Func<Task<T>> read, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var timeout = new CancellationTokenSource(Deadline);
        var last = default(T);
        try
        {
            while (!Equals(last = await read().WaitAsync(timeout.Token), expected))
                await timer.WaitForNextTickAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{what}: expected {expected}, still {last} after {Deadline.TotalSeconds} s");
        }
    }
}
