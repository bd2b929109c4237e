using MassTransit.Configuration;
using MassTransit.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrderSample.OutboxScheduler;

namespace MassTransit;

/// <summary>
/// Scheduled messages as outbox rows with a due time, beside an outbox that knows no such rows: no broker plugin, no other
/// store, and scheduling or cancelling commits together with the work that does it.
/// </summary>
public static class OutboxSchedulerExtensions
{
    /// <summary>
    /// Adds what delivers scheduled messages when they are due, and a scoped <see cref="IMessageScheduler"/> for use
    /// outside of consumers: what that schedules is stored with the DbContext's next SaveChanges. It needs the bus outbox (UseBusOutbox).
    /// </summary>
    /// <typeparam name="TDbContext">The DbContext given to AddEntityFrameworkOutbox, whose model has AddScheduledMessages.</typeparam>
    /// <param name="configurator">The bus registration.</param>
    public static void AddEntityFrameworkMessageScheduler<TDbContext>(this IBusRegistrationConfigurator configurator)
        where TDbContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.TryAddSingleton(TimeProvider.System);
        configurator.TryAddScoped<IScheduledMessageStore, ScheduledMessageStore<TDbContext>>();
        configurator.TryAddScoped<IMessageScheduler>(provider => new MessageScheduler(
            new StoringScheduleProvider(provider.GetRequiredService<ISendEndpointProvider>(), provider.GetRequiredService<IScheduledMessageStore>()),
            provider.GetRequiredService<IBus>().Topology));
        configurator.AddHostedService<ScheduledMessageDelivery<TDbContext>>();
    }

    /// <summary>Makes Schedule and Unschedule of consumers and sagas store in their own transaction.</summary>
    /// <param name="configurator">The bus; every endpoint that schedules needs UseEntityFrameworkOutbox.</param>
    public static void UseEntityFrameworkMessageScheduler(this IBusFactoryConfigurator configurator)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.AddPipeSpecification(new FilterPipeSpecification<ConsumeContext>(new StoringSchedulerFilter()));
    }
}
