using MassTransit;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>Every line logged while a message is consumed names the order it belongs to.</summary>
/// <typeparam name="T">The message; its <c>OrderId</c> is the order.</typeparam>
internal sealed class OrderScopeFilter<T>(ILogger<OrderScopeFilter<T>> logger) : IFilter<ConsumeContext<T>>
    where T : class
{
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        using (OrderIdOf<T>.Read is { } orderId ? logger.BeginOrderScope(orderId(context.Message)) : null)
            await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("orderScope");
}
