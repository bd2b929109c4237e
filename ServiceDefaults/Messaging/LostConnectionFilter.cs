using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>Makes the bus let go of a connection that was lost, so that the endpoint comes back on a new one.</summary>
/// <remarks>
/// With MassTransit 8 a consumer that ends after its channel was closed makes the transport close that channel from
/// inside the client's own dispatcher, and the two wait for each other. Whoever the client would have told next never
/// hears that the connection is gone; when that is the bus itself, its endpoints try the dead connection for ever.
/// Found by stopping the broker while consumers were busy.
/// </remarks>
internal sealed class LostConnectionFilter(IServiceProvider services) : IFilter<ChannelContext>
{
    /// <summary>The bus has this long to notice by itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        var connection = context.ConnectionContext.Connection;
        context.Channel.ChannelShutdownAsync += (_, shutdown) =>
        {
            if (shutdown.Initiator != ShutdownInitiator.Application)
                _ = LetGo(connection);
            return Task.CompletedTask;
        };
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("lostConnection");

    private async Task LetGo(IConnection lost)
    {
        await Task.Delay(Grace);
        if (lost.IsOpen || services.GetRequiredService<IBusInstance>().HostConfiguration is not IRabbitMqHostConfiguration host)
            return;

        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            // The bus replaces a connection on which something failed.
            await host.ConnectionContextSupervisor.Send(Pipe.Execute<ConnectionContext>(current =>
            {
                if (ReferenceEquals(current.Connection, lost))
                    throw new RabbitMqConnectionException("The connection to the broker was lost.");
            }), deadline.Token);
        }
        catch (Exception exception)
        {
            services.GetRequiredService<ILogger<LostConnectionFilter>>().LogDebug(exception, "The bus replaces its connection to the broker");
        }
    }
}
