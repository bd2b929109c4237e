using FsCheck;
using FsCheck.Fluent;
using OrderSample.OrderService.DrivingOrder;
using Xunit.Abstractions;

namespace OrderSample.Services.Tests.Ordering.Modelled;

/// <summary>Something that happens in a <see cref="World"/>.</summary>
internal enum What
{
    Deliver,
    DeliverAndKeep,
    Lose,
    Expire,
    LoseTimeout,
    Pay,
    Cancel,
    OperatorRetries,
    OperatorCancels,
    Reconcile,
}

/// <summary>What happens, and to which of those it can happen to.</summary>
internal readonly record struct Step(What What, int Pick)
{
    public override string ToString() => $"{What} {Pick}";
}

/// <summary>A world and what happens in it.</summary>
internal sealed record History(int MaxResends, int OnHand, int[] Quantities, What Decision, Step[] Steps)
{
    public override string ToString() =>
        $"{MaxResends} resends, {OnHand} on hand, ordered {string.Join(" and ", Quantities)}, {Decision}: {string.Join(", ", Steps)}";
}

/// <summary>
/// Whatever happens to an order's messages, in whatever sequence, and whatever customers and operators do: it ends, or is
/// parked, and stock, money and what the customer was told are right.
/// </summary>
/// <remarks>
/// A failure names the smallest history found and its seed, such as <c>(123,456,7)</c>; with the environment variable
/// <c>FSCHECK_REPLAY=123,456,7</c> it is run again.
/// </remarks>
public sealed class Any_sequence_of_events(ITestOutputHelper output)
{
    private const int Histories = 2_000;
    private const int LongestHistory = 80;

    private readonly Dictionary<OrderStatus, int> _ends = Enum.GetValues<OrderStatus>().ToDictionary(status => status, _ => 0);

    [Fact]
    public void Ends_every_order_with_stock_money_and_notifications_right()
    {
        Prop.ForAll(Arb.From(AnyHistory, Smaller), Happens).Check(Cases.Of(Histories));

        output.WriteLine(string.Join(", ", _ends.Select(end => $"{end.Key}: {end.Value}")));
        // Histories in which nothing much happens would show nothing.
        Assert.All([OrderStatus.Completed, OrderStatus.Rejected, OrderStatus.Cancelled, OrderStatus.NeedsAttention], end => Assert.True(_ends[end] > Histories / 50, $"{end}: {_ends[end]}"));
    }

    private void Happens(History history)
    {
        var world = new World(history.MaxResends, history.OnHand, history.Quantities);
        foreach (var step in history.Steps)
            world.Do(step);
        world.Settle();
        world.MustBeRight(withParked: history.Steps.Any(step => step.What == What.Lose));
        foreach (var status in world.Statuses)
            _ends[status]++;

        // By itself it has come this far, and to the end if nothing was lost. What is parked needs a person, once.
        world.Attend(history.Decision);
        world.Settle();
        world.MustBeRight(withParked: false);
    }

    private static Gen<History> AnyHistory =>
        from maxResends in Gen.Choose(0, 2)
        from onHand in Gen.Choose(0, 4)
        from quantities in Gen.ArrayOf(Gen.Choose(1, 2), 2)
        from decision in Gen.Elements(What.OperatorRetries, What.OperatorCancels)
        from length in Gen.Choose(0, LongestHistory)
        from steps in Gen.ArrayOf(AnyStep, length)
        select new History(maxResends, onHand, quantities, decision, steps);

    /// <summary>Most of what happens is that a message arrives; else no order would get far.</summary>
    private static Gen<Step> AnyStep =>
        from what in Gen.Frequency(
            (24, Gen.Constant(What.Deliver)), (4, Gen.Constant(What.DeliverAndKeep)), (3, Gen.Constant(What.Lose)),
            (5, Gen.Constant(What.Expire)), (1, Gen.Constant(What.LoseTimeout)), (4, Gen.Constant(What.Pay)), (1, Gen.Constant(What.Cancel)),
            (1, Gen.Constant(What.OperatorRetries)), (1, Gen.Constant(What.OperatorCancels)), (1, Gen.Constant(What.Reconcile)))
        from pick in Gen.Choose(0, 1_000)
        select new Step(what, pick);

    /// <summary>The same with one step less, for the smallest one that still fails.</summary>
    private static IEnumerable<History> Smaller(History history)
    {
        for (var length = history.Steps.Length / 2; length > 0; length /= 2)
        {
            for (var start = 0; start + length <= history.Steps.Length; start += length)
                yield return history with { Steps = [.. history.Steps[..start], .. history.Steps[(start + length)..]] };
        }

        if (history.Quantities.Length > 1)
            yield return history with { Quantities = history.Quantities[1..] };
    }
}
