using OrderSample.Bench.Running;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class DeleteQueue(Victim victim, string queue) : Fault
{
    /// <summary>A queue is deleted with all that is in it. The system has to make it anew.</summary>
    public static FaultKind Kind { get; } = new("queue-deleted", "an endpoint's queue is deleted, with all messages in it; the system has to make it anew",
        _ => SystemShape.Queues, (victim, target) => new DeleteQueue(victim, target))
    { Uses = _ => [SystemUnderTest.Broker], Seconds = (1, 1), DeletesMessages = true, Unroutes = true };

    public override Task Begin(CancellationToken cancellationToken) => victim.Ask(HttpMethod.Delete, $"queues/%2F/{queue}", null, cancellationToken);

    public override Task Heal(CancellationToken cancellationToken) => Task.CompletedTask;
}
