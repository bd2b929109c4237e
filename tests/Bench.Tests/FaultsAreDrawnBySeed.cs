using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Running;
using OrderSample.Nemesis.Scheduling;

namespace OrderSample.Bench.Tests;

public sealed class FaultsAreDrawnBySeed
{
    private static readonly TimeSpan Time = TimeSpan.FromMinutes(10);
    private static readonly SystemShape Cluster = new(Nodes: 3);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Fact]
    public void The_same_seed_gives_the_same_schedule_and_another_one_another()
    {
        Assert.Equal(Of(7), Of(7));
        Assert.NotEqual(Of(7), Of(8));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Everything_is_healed_within_the_time(int seed) => Assert.All(Of(seed), fault => Assert.True(fault.End <= Time, fault.ToString()));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_faults_at_a_time_happen_and_three_do_not(int seed)
    {
        var schedule = Of(seed);
        Assert.Equal(2, schedule.Max(fault => schedule.Count(x => x.At <= fault.At && x.End > fault.At)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_fault_is_in_the_way_of_another(int seed)
    {
        var schedule = Of(seed);
        var pairs = from one in schedule from other in schedule where one.Number < other.Number && one.End > other.At select (one, other);
        Assert.All(pairs, pair => Assert.False(Conflicts.Between(KindOf(pair.one), KindOf(pair.other)), $"{pair}"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_kind_has_its_turn(int seed) =>
        Assert.Equal(FaultKinds.All.Select(x => x.Name).Order(), Of(seed).Select(x => x.Kind).Distinct().Order());

    [Fact]
    public void Only_what_may_happen_does()
    {
        var schedule = Schedule.Of(7, Time, Cluster, FaultKinds.Named(["freeze", "kill"]));
        Assert.Equal(["freeze", "kill"], schedule.Select(x => x.Kind).Distinct().Order());
        Assert.Throws<ArgumentException>(() => FaultKinds.Named(["kill", "tickle"]));
    }

    [Theory]
    [InlineData("kill", "order-service", "freeze", "order-service", true)]
    [InlineData("kill", "order-service", "freeze", "inventory-service", false)]
    [InlineData("kill", "postgres", "table-locked", "orders-db/Orders", true)]
    [InlineData("table-locked", "orders-db/Orders", "table-locked", "orders-db/Payments", false)]
    [InlineData("memory-alarm", "rabbitmq", "disk-alarm", "rabbitmq", false)]
    [InlineData("memory-alarm", "rabbitmq", "stop", "rabbitmq", true)]
    [InlineData("chaos-delay", "order-service", "chaos-failures", "order-service", true)]
    [InlineData("chaos-crash", "order-service", "database-read-only", "orders-db", false)]
    public void What_needs_a_process_is_not_for_the_time_without_it(string one, string target, string other, string otherTarget, bool conflict)
    {
        Assert.Equal(conflict, Conflicts.Between((Kind(one), target), (Kind(other), otherTarget)));
        Assert.Equal(conflict, Conflicts.Between((Kind(other), otherTarget), (Kind(one), target)));
    }

    private static IReadOnlyList<PlannedFault> Of(int seed) => Schedule.Of(seed, Time, Cluster, FaultKinds.All);

    private static (FaultKind, string) KindOf(PlannedFault fault) => (Kind(fault.Kind), fault.Target);

    private static FaultKind Kind(string name) => FaultKinds.All.Single(x => x.Name == name);
}
