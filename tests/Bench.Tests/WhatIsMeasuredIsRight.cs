using System.Diagnostics;
using OrderSample.Bench.Measuring;
using OrderSample.Bench.Offering;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Tests;

public sealed class WhatIsMeasuredIsRight
{
    private static readonly double[] OneToHundred = [.. Enumerable.Range(1, 100).Reverse().Select(x => (double)x)];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(50, 50)]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    public void A_percentile_is_the_smallest_value_that_so_many_do_not_exceed(double percent, double value) =>
        Assert.Equal(value, OneToHundred.Percentile(percent));

    [Fact]
    public void The_worst_of_few_is_their_99th_percentile() => Assert.Equal(7, new double[] { 7, 1, 3 }.Percentile(99));

    [Fact]
    public void A_median_is_in_the_middle()
    {
        Assert.Equal(3, new double[] { 9, 1, 3 }.Median());
        Assert.Equal(4, new double[] { 9, 1, 3, 5 }.Median());
        Assert.Throws<InvalidOperationException>(() => Array.Empty<double>().Median());
    }

    [Fact]
    public void A_program_s_name_may_hold_what_separates_fields() =>
        Assert.Equal((17, 1 + 2 + 30 + 40), ProcessTree.Parse("42 (a) b (c) S 17 1 1 0 -1 4194560 9 8 7 6 1 2 30 40 20 0 1 0 5 6 7"));

    [Fact]
    public void The_time_of_a_child_that_has_ended_is_counted()
    {
        var here = new ProcessTree(Environment.ProcessId);
        var before = here.ProcessorTime();

        using (var child = Process.Start("sh", ["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"]))
            child.WaitForExit();

        Assert.True(here.ProcessorTime() - before > TimeSpan.FromMilliseconds(20), $"{here.ProcessorTime() - before}");
    }

    [Theory]
    [InlineData("""{"orderId":"7d1f0a52-7c0a-4a4f-9a9d-2f6b8f6d2c11","total":1}""")]
    [InlineData("""{"messageId":"00000000-0000-0000-0000-000000000001","message":{"customer":{"name":"orderId"},"orderId":"7d1f0a52-7c0a-4a4f-9a9d-2f6b8f6d2c11"}}""")]
    public void An_event_s_order_is_found_with_and_without_an_envelope(string json) =>
        Assert.Equal(Guid.Parse("7d1f0a52-7c0a-4a4f-9a9d-2f6b8f6d2c11"), OrderEvents.OrderIdIn(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public async Task Every_order_is_meant_for_its_moment_however_long_the_others_take()
    {
        var begin = Stopwatch.GetTimestamp();

        var meant = await TimedLoad.Run(100, TimeSpan.FromSeconds(0.2), async moment =>
        {
            await Task.Delay(100);
            return Stopwatch.GetElapsedTime(begin, moment).TotalMilliseconds;
        }, CancellationToken.None);

        Assert.Equal(20, meant.Count);
        Assert.All(meant.Zip(meant.Skip(1)), pair => Assert.Equal(10, pair.Second - pair.First, 0.1));
    }

    [Fact]
    public async Task Subjects_take_turns_every_second_round_the_other_way_and_are_compared_by_their_medians()
    {
        var turns = new List<string>();
        var values = new Queue<double>([10, 2, 3, 30, 20, 100]);

        var figures = await Turns.Measure("part", 3, [("a", "A"), ("b", "B")], subject =>
        {
            turns.Add(subject);
            return Task.FromResult<IReadOnlyList<Reading>>([new Reading("figure", "unit", values.Dequeue())]);
        }, CancellationToken.None);

        Assert.Equal(["A", "B", "B", "A", "A", "B"], turns);
        var figure = Assert.Single(figures);
        Assert.Equal([20, 3], figure.Subjects.Select(x => x.Median));
        Assert.Equal(20 / 3.0, figure.Ratio!.Value, 1e-9);
    }
}
