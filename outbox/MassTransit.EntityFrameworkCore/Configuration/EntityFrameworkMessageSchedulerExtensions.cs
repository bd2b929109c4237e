using MassTransit.Configuration;
using MassTransit.EntityFrameworkCoreIntegration;
using MassTransit.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassTransit;

/// <summary>
/// Scheduled messages as outbox rows with a due time: no broker plugin, no other store, and scheduling or cancelling
/// commits together with the work that does it. The official package has no counterpart.
/// </summary>
public static class EntityFrameworkMessageSchedulerExtensions
{
    /// <summary>
    /// Adds a scoped <see cref="IMessageScheduler"/> for use outside of consumers. What it schedules is stored with the
    /// DbContext's next SaveChanges; it needs the bus outbox (UseBusOutbox).
    /// </summary>
    /// <typeparam name="TDbContext">The DbContext given to AddEntityFrameworkOutbox.</typeparam>
    /// <param name="configurator">The bus registration.</param>
    public static void AddEntityFrameworkMessageScheduler<TDbContext>(this IBusRegistrationConfigurator configurator)
        where TDbContext : DbContext
    {
        configurator.TryAddScoped<ScopedScheduledMessageCanceller<TDbContext>>();
        configurator.TryAddScoped<IMessageScheduler>(provider => new MessageScheduler(
            new OutboxScheduleMessageProvider(
                provider.GetRequiredService<ISendEndpointProvider>(),
                provider.GetRequiredService<ScopedScheduledMessageCanceller<TDbContext>>()),
            provider.GetRequiredService<IBus>().Topology));
    }

    /// <summary>Makes Schedule and Unschedule of consumers and sagas use the outbox of their endpoint.</summary>
    /// <param name="configurator">The bus; every endpoint that schedules needs UseEntityFrameworkOutbox.</param>
    public static void UseEntityFrameworkMessageScheduler(this IBusFactoryConfigurator configurator)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.AddPipeSpecification(new FilterPipeSpecification<ConsumeContext>(new OutboxSchedulerFilter()));
    }
}
