using OrderSample.Failures.Breaking;
using OrderSample.Failures.Reporting;
using OrderSample.Nemesis.Offering;
using OrderSample.Nemesis.Recording;

namespace OrderSample.Bench.Tests;

/// <summary>What ./bench/run.sh failures says of a fault.</summary>
public sealed class PausesAreMeasured
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Dictionary<Guid, DateTimeOffset> _completed = [];
    private readonly List<OrderLine> _orders = [];

    [Fact]
    public void The_longest_time_without_a_completion_counts_if_it_ended_after_the_fault_began()
    {
        // A pause of 6 s before the fault is not the fault's.
        Place(At(0), completed: 1);
        Place(At(1), completed: 7);
        Place(At(9), completed: 10);
        Place(At(10.5), completed: 15);
        Place(At(11), completed: 16);

        var pauses = Pauses.Of(_orders, _completed, At(10), At(14));

        Assert.Equal((5, At(10)), (pauses.Completions, pauses.From));
        Assert.Equal(5, pauses.Slow);
    }

    [Fact]
    public void A_customer_who_asks_again_has_waited_from_the_first_request_on()
    {
        Place(At(0), completed: 1);
        Place(At(2), completed: 9, (503, 0.5), (null, 3), (202, 0.25));

        var pauses = Pauses.Of(_orders, _completed, At(1), At(8));

        Assert.Equal(5.75, pauses.Late);
        Assert.Equal((1, 1), (pauses.Refused, pauses.Unanswered));
        Assert.Equal(7, pauses.Slow);
        Assert.Equal(7.75, pauses.Acceptances);
    }

    [Fact]
    public void Faults_are_chosen_by_their_names()
    {
        Assert.Equal(Failure.All, Failure.Named([]));
        Assert.Equal(["node-hangs", "database-cut"], Failure.Named(["database-cut", "node-hangs"]).Select(x => x.Name));
        Assert.Contains("There is no fault 'node-killd'", Assert.Throws<ArgumentException>(() => Failure.Named(["node-killd"])).Message, StringComparison.Ordinal);
    }

    private static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    /// <summary>An order with its requests, each with its status and how long it took; the next one follows a second later.</summary>
    private void Place(DateTimeOffset at, double completed, params (int? Status, double Took)[] requests)
    {
        var id = Guid.NewGuid();
        var next = at;
        var asked = new List<Request>();
        foreach (var (status, took) in requests.Length == 0 ? [(202, 0)] : requests)
        {
            asked.Add(new Request(next, "POST /orders", status, RetryAfter: true, took));
            next = next.AddSeconds(took + 1);
        }

        _completed[id] = At(completed);
        _orders.Add(new OrderLine(id, OrderPlan.Paid, "accepted", asked));
    }
}
