using MassTransit.Context;
using MassTransit.Scheduling;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Gives every consumer and saga a scheduler that stores scheduled messages in their own transaction.</summary>
internal sealed class OutboxSchedulerFilter : IFilter<ConsumeContext>
{
    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        context.GetOrAddPayload<MessageSchedulerContext>(() => new ConsumeMessageSchedulerContext(context, CreateScheduler));
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("outboxScheduler");

    private static MessageScheduler CreateScheduler(ConsumeContext context)
    {
        if (!context.TryGetPayload<IScheduledMessageCanceller>(out var transaction))
        {
            throw new ConfigurationException(
                $"{context.ReceiveContext.InputAddress}: scheduling needs the endpoint's outbox; add UseEntityFrameworkOutbox to the endpoint.");
        }

        return new MessageScheduler(new OutboxScheduleMessageProvider(context, transaction), context.GetPayload<IBusTopology>());
    }
}
