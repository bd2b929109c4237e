using MassTransit;
using Microsoft.Extensions.Hosting;

namespace OrderSample.ServiceDefaults.Chaos;

/// <summary>
/// Makes an endpoint slow. It stands before the transaction, so that ten minutes of delay hold no database connection and
/// no lock; the message stays unacknowledged. A service that is stopped does the work in hand without the rest of the delay.
/// </summary>
internal sealed class ChaosDelayFilter(ChaosSwitch chaos, TimeProvider time, IHostApplicationLifetime lifetime) : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        await chaos.DelayAsync(time, context.CancellationToken, lifetime.ApplicationStopping);
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("chaosDelay");
}
