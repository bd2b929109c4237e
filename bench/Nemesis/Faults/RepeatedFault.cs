using Npgsql;

namespace OrderSample.Nemesis.Faults;

/// <summary>Something that is done again and again, because what it breaks restores itself at once.</summary>
/// <param name="interval">How often.</param>
internal abstract class RepeatedFault(TimeSpan interval) : Fault
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _repeating = Task.CompletedTask;

    public sealed override async Task Begin(CancellationToken cancellationToken)
    {
        await Once(cancellationToken);
        _repeating = Repeat();
    }

    public sealed override async Task Heal(CancellationToken cancellationToken)
    {
        _over.TrySetResult();
        await _repeating.WaitAsync(cancellationToken);
    }

    /// <summary>Does it.</summary>
    protected abstract Task Once(CancellationToken cancellationToken);

    private async Task Repeat()
    {
        using var timer = new PeriodicTimer(interval);
        while (await Task.WhenAny(_over.Task, timer.WaitForNextTickAsync().AsTask()) != _over.Task)
        {
            try
            {
                await Once(CancellationToken.None);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or NpgsqlException)
            {
                // Another fault is in the way; this one comes again.
            }
        }
    }
}
