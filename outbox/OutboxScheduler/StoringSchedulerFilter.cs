using MassTransit;
using MassTransit.Context;
using MassTransit.Scheduling;
using Microsoft.Extensions.DependencyInjection;

namespace OrderSample.OutboxScheduler;

/// <summary>Gives every consumer and saga a scheduler that stores scheduled messages in their own transaction.</summary>
internal sealed class StoringSchedulerFilter : IFilter<ConsumeContext>
{
    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        context.GetOrAddPayload<MessageSchedulerContext>(() => new ConsumeMessageSchedulerContext(context, CreateScheduler));
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("outboxScheduler");

    private static MessageScheduler CreateScheduler(ConsumeContext context)
    {
        // The scope that the outbox consumes the message in.
        var store = context.GetPayload<IServiceProvider>().GetRequiredService<IScheduledMessageStore>();
        return new MessageScheduler(new StoringScheduleProvider(context, store), context.GetPayload<IBusTopology>());
    }
}
