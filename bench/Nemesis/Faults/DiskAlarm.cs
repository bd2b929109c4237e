using System.Globalization;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class DiskAlarm(Victim victim, string node) : Fault
{
    // More than any disk has.
    private const string Petabyte = "1000000000000000";
    private long? _limit;

    /// <summary>The broker is told that its disk is full, and blocks whoever publishes.</summary>
    public static FaultKind Kind { get; } = new("disk-alarm", "the broker is told that its disk is full, and blocks whoever publishes (set_disk_free_limit)",
        shape => shape.Brokers, (victim, target) => new DiskAlarm(victim, target))
    { Seconds = (5, 60) };

    public override async Task Begin(CancellationToken cancellationToken)
    {
        _limit = await victim.LimitOf(node, "disk_free_limit", cancellationToken);
        await victim.Control(node, cancellationToken, "set_disk_free_limit", Petabyte);
    }

    public override Task Heal(CancellationToken cancellationToken) => _limit is not { } limit
        ? Task.CompletedTask
        : victim.Control(node, cancellationToken, "set_disk_free_limit", limit.ToString(CultureInfo.InvariantCulture));
}
