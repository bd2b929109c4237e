using OrderSample.Bench.Running;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
/// <remarks>A channel takes its limits when it opens: so the connections are cut, before and after.</remarks>
internal sealed class ConsumerTimeout(Victim victim, string service) : Fault
{
    /// <summary>A service takes longer for its messages than the broker waits for an acknowledgement, so the broker closes its channels.</summary>
    public static FaultKind Kind { get; } = new("consumer-timeout", "a service takes longer for a message than the broker waits for its acknowledgement: the broker closes the channel",
        _ => SystemShape.Consumers, (victim, target) => new ConsumerTimeout(victim, target))
    {
        Family = "chaos",
        Uses = target => [target, SystemUnderTest.Broker],
        Seconds = (15, 30),
    };

    public override async Task Begin(CancellationToken cancellationToken)
    {
        await SetLimits(timeoutMilliseconds: 3_000, tickMilliseconds: 1_000, cancellationToken);
        await victim.SetChaos(service, new { delayMs = 8_000 }, cancellationToken);
        await victim.CutConnections(service, cancellationToken);
    }

    public override async Task Heal(CancellationToken cancellationToken)
    {
        // The broker's defaults.
        await SetLimits(timeoutMilliseconds: 1_800_000, tickMilliseconds: 60_000, cancellationToken);
        await victim.SetChaos(service, Victim.NoChaos, cancellationToken);
        await victim.CutConnections(service, cancellationToken);
    }

    private Task<string[]> SetLimits(int timeoutMilliseconds, int tickMilliseconds, CancellationToken cancellationToken) =>
        Task.WhenAll(victim.Shape.Brokers.Select(node => victim.Control(node, cancellationToken, "eval", FormattableString.Invariant(
            $"application:set_env(rabbit, consumer_timeout, {timeoutMilliseconds}), application:set_env(rabbit, channel_tick_interval, {tickMilliseconds})."))));
}
