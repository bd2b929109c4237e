using System.Globalization;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class MemoryAlarm(Victim victim, string node) : Fault
{
    private long? _limit;

    /// <summary>The broker is told that its memory is used up, and blocks whoever publishes.</summary>
    public static FaultKind Kind { get; } = new("memory-alarm", "the broker is told that its memory is used up, and blocks whoever publishes (set_vm_memory_high_watermark)",
        shape => shape.Brokers, (victim, target) => new MemoryAlarm(victim, target))
    { Seconds = (5, 60) };

    public override async Task Begin(CancellationToken cancellationToken)
    {
        _limit = await victim.LimitOf(node, "mem_limit", cancellationToken);
        await victim.Control(node, cancellationToken, "set_vm_memory_high_watermark", "0.00001");
    }

    public override Task Heal(CancellationToken cancellationToken) => _limit is not { } limit
        ? Task.CompletedTask
        : victim.Control(node, cancellationToken, "set_vm_memory_high_watermark", "absolute", limit.ToString(CultureInfo.InvariantCulture));
}
