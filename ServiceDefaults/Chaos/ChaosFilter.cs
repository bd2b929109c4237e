using System.Diagnostics;
using MassTransit;

namespace OrderSample.ServiceDefaults.Chaos;

/// <summary>
/// Fails or crashes inside of the transaction of a message. A failure comes before the consumer's work, so that nothing
/// leaves the system for it; a crash comes after it, when most is at stake: rows are locked and changed, an answer is made, an
/// e-mail sent, and nothing of that committed.
/// </summary>
/// <typeparam name="T">The message.</typeparam>
internal sealed class ChaosFilter<T>(ChaosSwitch chaos) : IFilter<ConsumeContext<T>>
    where T : class
{
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        var settings = chaos.Settings;
        if (Carries(context.Message, settings.FailSku))
            throw new ChaosException($"The chaos switch makes every message with the SKU {settings.FailSku} fail.");
        if (Random.Shared.NextDouble() < settings.FailureRate)
            throw new ChaosException($"The chaos switch makes attempts fail at a rate of {settings.FailureRate}.");

        await next.Send(context);

        if (Carries(context.Message, settings.CrashOnSku))
            await CrashAsync(settings.CrashOnSku!);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("chaos");

    private static bool Carries(T message, string? sku) => sku is not null && MessageSkus.Of(message).Contains(sku, StringComparer.Ordinal);

    private static async Task CrashAsync(string sku)
    {
        // Not by the logger: it writes a moment later, and there is none.
        await Console.Error.WriteLineAsync($"The chaos switch ends this process, in the middle of a message with the SKU {sku}.");
        using var self = Process.GetCurrentProcess();
        self.Kill();
        // Nothing is committed in the time that the operating system takes.
        await Task.Delay(Timeout.Infinite);
    }
}
