using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>Kept with a receipt, for what is logged and reported of it when its consumer has failed.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="MessageType">What it is, as a URN.</param>
internal sealed record MessageOfOrder(Guid OrderId, string MessageType);

/// <summary>
/// Every line logged while a message is consumed, and the span of its receipt, name the order it belongs to; and messages of one order are handled one
/// after another within an endpoint of a process. Otherwise they would meet at the order's row in the database, each holding a connection while it waits.
/// </summary>
/// <typeparam name="T">The message; its <c>OrderId</c> is the order.</typeparam>
/// <remarks>This orders nothing between two replicas, or after a retry: every consumer is right in any order.</remarks>
/// <param name="orderOf">Reads the order's id.</param>
/// <param name="partitioner">The endpoint's.</param>
/// <param name="logger">Whose scopes name the order.</param>
internal sealed class OrderScopeFilter<T>(Func<T, Guid> orderOf, IPartitioner partitioner, ILogger logger) : IFilter<ConsumeContext<T>>
    where T : class
{
    private static readonly string TypeName = MessageUrn.ForTypeString<T>();

    private readonly IPartitioner<ConsumeContext<T>> _partitions = partitioner.GetPartitioner<ConsumeContext<T>>(context => orderOf(context.Message).ToByteArray());

    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        var orderId = orderOf(context.Message);
        OrderScope.Trace(orderId);
        context.ReceiveContext.GetOrAddPayload(() => new MessageOfOrder(orderId, TypeName));
        using (logger.BeginOrderScope(orderId))
            await _partitions.Send(context, next);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("orderScope");
}
