using OrderSample.Bench.Running;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class DeleteBinding(Victim victim, string target) : Fault
{
    /// <summary>A binding is deleted. The system has to make it anew.</summary>
    public static FaultKind Kind { get; } = new("binding-deleted", "the binding of an event to an endpoint, or of one of an endpoint's exchanges to its queue, is deleted; the system has to make it anew",
        _ => [.. SystemShape.Subscribers.SelectMany(x => x.Value.Select(endpoint => $"{x.Key} to exchange {SystemShape.EventsExchange(endpoint)}")),
            .. SystemShape.Queues.SelectMany(x => SystemShape.ExchangesOf(x).Select(exchange => $"{exchange} to queue {x}"))],
        (victim, target) => new DeleteBinding(victim, target))
    { Uses = _ => [SystemUnderTest.Broker], Seconds = (1, 1), Unroutes = true };

    public override Task Begin(CancellationToken cancellationToken)
    {
        var words = target.Split(' ');
        var (source, kind, destination) = (words[0], words[2][0], words[3]);
        return victim.Ask(HttpMethod.Delete, $"bindings/%2F/e/{Uri.EscapeDataString(source)}/{kind}/{destination}/~", null, cancellationToken);
    }

    public override Task Heal(CancellationToken cancellationToken) => Task.CompletedTask;
}
