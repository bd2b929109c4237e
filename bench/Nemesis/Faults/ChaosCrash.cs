using OrderSample.Nemesis.Offering;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class ChaosCrash(Victim victim, string service) : Fault
{
    /// <summary>A service ends between its work and the commit.</summary>
    public static FaultKind Kind { get; } = new("chaos-crash", $"a service ends between its work and the commit, at the next message with the product {Assortment.CrashSku}; started again afterwards",
        _ => ["order-service", "inventory-service"], (victim, target) => new ChaosCrash(victim, target))
    { Family = "chaos", TakesDown = true, Seconds = (2, 15) };

    public override Task Begin(CancellationToken cancellationToken) => victim.SetChaos(service, new { crashOnSku = Assortment.CrashSku }, cancellationToken);

    public override async Task Heal(CancellationToken cancellationToken)
    {
        if (victim.Runs(service))
        {
            try
            {
                await victim.SetChaos(service, Victim.NoChaos, cancellationToken);
                return;
            }
            catch (HttpRequestException)
            {
                // It ends at this moment, and Aspire has not noticed.
                await victim.System.Ended(service, cancellationToken);
            }
        }

        // With its switch off, as configured.
        await victim.System.Launch(service, cancellationToken);
    }
}
