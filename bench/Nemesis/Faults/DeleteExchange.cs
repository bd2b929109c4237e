using OrderSample.Bench.Running;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class DeleteExchange(Victim victim, string exchange) : Fault
{
    /// <summary>An exchange is deleted with its bindings. The system has to make both anew.</summary>
    public static FaultKind Kind { get; } = new("exchange-deleted", "an event's or an endpoint's exchange is deleted, with its bindings; the system has to make both anew",
        _ => [.. SystemShape.Subscribers.Keys, .. SystemShape.Queues.SelectMany(SystemShape.ExchangesOf)], (victim, target) => new DeleteExchange(victim, target))
    { Uses = _ => [SystemUnderTest.Broker], Seconds = (1, 1), Unroutes = true };

    public override Task Begin(CancellationToken cancellationToken) =>
        victim.Ask(HttpMethod.Delete, $"exchanges/%2F/{Uri.EscapeDataString(exchange)}", null, cancellationToken);

    public override Task Heal(CancellationToken cancellationToken) => Task.CompletedTask;
}
