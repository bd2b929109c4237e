using MassTransit;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>Kept with a receipt, for what is logged and reported of it when its consumer has failed.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="MessageType">What it is, as a URN.</param>
internal sealed record MessageOfOrder(Guid OrderId, string MessageType);

/// <summary>Every line logged while a message is consumed, and the span of its receipt, name the order it belongs to.</summary>
/// <typeparam name="T">The message; its <c>OrderId</c> is the order.</typeparam>
internal sealed class OrderScopeFilter<T>(ILogger<OrderScopeFilter<T>> logger) : IFilter<ConsumeContext<T>>
    where T : class
{
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        if (OrderIdOf<T>.Read is not { } read)
        {
            await next.Send(context);
            return;
        }

        var orderId = read(context.Message);
        OrderScope.Trace(orderId);
        context.ReceiveContext.GetOrAddPayload(() => new MessageOfOrder(orderId, MessageUrn.ForTypeString<T>()));
        using (logger.BeginOrderScope(orderId))
            await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("orderScope");
}
