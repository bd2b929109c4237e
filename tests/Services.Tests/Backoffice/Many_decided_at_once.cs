using OrderSample.Backoffice.Console.Bulk;

namespace OrderSample.Services.Tests.Backoffice;

/// <summary>One decision about many: orders to cancel, dead letters to replay or discard.</summary>
public sealed class Many_decided_at_once
{
    private static readonly BulkWords Words = new("order", "orders", "being cancelled");

    [Fact]
    public async Task Are_counted_by_their_outcome()
    {
        var run = Run([new(true), new(false, "The order is paid."), new(true), new(false), new(false, "The order is Completed."), new(false, "The order is paid.")]);
        Assert.Equal("0 of 6 orders: 0 being cancelled", $"{run}");
        await run.RunAsync(CancellationToken.None);

        Assert.Equal("6 of 6 orders: 2 being cancelled, 1 already decided, 3 failed", $"{run}");
        Assert.Equal([("The order is paid.", 2), ("The order is Completed.", 1)], run.Problems);
        Assert.False(run.IsDone);
    }

    [Fact]
    public async Task Are_done_when_each_is()
    {
        var run = Run([new(true)]);
        await run.RunAsync(CancellationToken.None);

        Assert.Equal("1 of 1 order: 1 being cancelled", $"{run}");
        Assert.True(run.IsDone);
    }

    [Fact]
    public async Task Stay_as_they_are_from_where_it_is_stopped_and_what_is_begun_is_ended()
    {
        using var stop = new CancellationTokenSource();
        var run = new BulkRun(Words, [Step, Step, Step], atATime: 1);
        await run.RunAsync(stop.Token);

        Assert.Equal("1 of 3 orders: 1 being cancelled", $"{run}");
        Assert.False(run.IsDone);

        async Task<BulkOutcome> Step(CancellationToken _)
        {
            await stop.CancelAsync();
            return new BulkOutcome(IsDone: true);
        }
    }

    private static BulkRun Run(BulkOutcome[] outcomes) =>
        new(Words, [.. outcomes.Select(outcome => (Func<CancellationToken, Task<BulkOutcome>>)(_ => Task.FromResult(outcome)))], atATime: 2);
}
