using System.Globalization;
using System.Text.Json;

namespace OrderSample.AppHost.Breaking.Faults;

/// <summary>The broker is told that its memory is used up, and blocks whoever publishes.</summary>
internal sealed class MemoryAlarm(BrokerAdministration broker) : IFault
{
    private long? _limit;

    public string Kind => "memory-alarm";

    public async Task BreakAsync(string target, JsonElement details, CancellationToken cancellationToken)
    {
        // Once: after an alarm that was not ended, the limit is the alarm's.
        _limit ??= await broker.MemoryLimitAsync(cancellationToken);
        await broker.ControlAsync(cancellationToken, "set_vm_memory_high_watermark", "0.00001");
    }

    public Task MendAsync(string target, CancellationToken cancellationToken) => _limit is { } limit
        ? broker.ControlAsync(cancellationToken, "set_vm_memory_high_watermark", "absolute", limit.ToString(CultureInfo.InvariantCulture))
        : Task.CompletedTask;
}
