using Microsoft.Extensions.Time.Testing;

namespace OrderSample.OrderService.Tests.Running;

/// <summary>
/// A clock that stands still until it is moved. It begins now, because MassTransit reckons due times from the machine's
/// clock. Other threads, a broker and a database do what becomes due, so no single move of the clock brings a test to where
/// that is done: <see cref="Until"/> does.
/// </summary>
public sealed class VirtualTime() : FakeTimeProvider(DateTimeOffset.UtcNow)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RealStep = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    public void AdvanceTo(DateTimeOffset moment)
    {
        if (moment > GetUtcNow())
            SetUtcNow(moment);
    }

    /// <summary>Lets time go by, a little faster than real time, until <paramref name="read"/> gives what is <paramref name="wanted"/>.</summary>
    public async Task<T> Until<T>(string what, Func<Task<T>> read, Predicate<T> wanted)
    {
        using var timer = new PeriodicTimer(RealStep);
        using var timeout = new CancellationTokenSource(Deadline);
        var value = default(T);
        try
        {
            while (!wanted(value = await read().WaitAsync(timeout.Token)))
            {
                await timer.WaitForNextTickAsync(timeout.Token);
                Advance(Step);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Waited for {what}, but got: {value}");
        }

        return value;
    }
}
