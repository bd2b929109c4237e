using System.Diagnostics;

namespace OrderSample.Bench.Offering;

/// <summary>So many customers, each placing the next order when the last one is completed: as much as the system takes.</summary>
internal static class SteadyLoad
{
    /// <summary>Calls <paramref name="measure"/> in the middle of the load.</summary>
    /// <param name="customers">Who order.</param>
    /// <param name="atOnce">How many orders are on their way at a time.</param>
    /// <param name="measure">Given a function that waits for the completion of so many more orders. The load ends with it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<T> Run<T>(Customers customers, int atOnce, Func<Func<int, Task<long>>, Task<T>> measure, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var completions = new Completions();
        var over = false;
        var ordering = Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            try
            {
                while (!Volatile.Read(ref over))
                {
                    await customers.Order(Stopwatch.GetTimestamp(), failed.Token);
                    completions.Add();
                }
            }
            catch
            {
                // Whoever waits for completions would wait for ever.
                await failed.CancelAsync();
                throw;
            }
        }, cancellationToken)).ToList();

        var measuring = measure(count => completions.Wait(count, failed.Token));
        await Task.WhenAny(measuring, Task.WhenAll(ordering));
        Volatile.Write(ref over, true);
        // What was accepted must be completed, measured or not.
        await Task.WhenAll(ordering);
        return await measuring;
    }

    private sealed class Completions
    {
        private readonly Lock _lock = new();
        private long _count;
        private (long Count, TaskCompletionSource<long> Reached)? _awaited;

        public void Add()
        {
            lock (_lock)
            {
                if (++_count == _awaited?.Count)
                    _awaited.Value.Reached.SetResult(Stopwatch.GetTimestamp());
            }
        }

        /// <returns>When the last of them was completed, by <see cref="Stopwatch"/>.</returns>
        public Task<long> Wait(int more, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                if (more == 0)
                    return Task.FromResult(Stopwatch.GetTimestamp());
                var reached = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
                _awaited = (_count + more, reached);
                return reached.Task.WaitAsync(cancellationToken);
            }
        }
    }
}
