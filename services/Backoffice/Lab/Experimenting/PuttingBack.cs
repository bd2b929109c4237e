using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>Puts back what a run has broken, all of it, whether or not a part fails.</summary>
internal sealed class PuttingBack(Experiment experiment, Trial trial)
{
    private static readonly string[] Cancellable = ["Submitted", "AwaitingPayment"];

    /// <summary>Most orders that are cancelled one by one; more are left to the time that they have to be paid.</summary>
    private const int MaxCancelled = 100;

    /// <exception cref="ExperimentFailedException">Something could not be put back.</exception>
    public async Task DoAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        await TryAsync("what the experiment itself puts back", async () => await experiment.PutBackAsync(trial, cancellationToken));
        await TryAsync("the app host to start what has ended, and to restore the services", async () => problems.AddRange(await trial.System.Host.MendAsync(cancellationToken)));
        await TryAsync("everything to run", () => trial.IsWholeAsync(cancellationToken));
        await TryAsync("its open orders to be cancelled", () => CancelOrdersAsync(cancellationToken));
        if (problems.Count > 0)
            throw new ExperimentFailedException(string.Join(" ", problems));

        async Task TryAsync(string what, Func<Task> act)
        {
            trial.Steps.WaitFor(what);
            try
            {
                await act();
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                problems.Add(exception.Message);
            }
        }
    }

    /// <summary>Those that nobody will pay would hold stock until their time is over. Whoever was paid meanwhile stays so.</summary>
    private async Task CancelOrdersAsync(CancellationToken cancellationToken)
    {
        foreach (var order in trial.Orders.Take(MaxCancelled))
        {
            var found = await trial.System.UseAsync<OrderServiceClient, OrderDetails?>(client => client.FindAsync(order, cancellationToken));
            if (found is not null && Cancellable.Contains(found.Status))
                await trial.CancelAsync(order, cancellationToken);
        }
    }
}
