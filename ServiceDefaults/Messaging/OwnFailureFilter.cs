using MassTransit;
using MassTransit.Middleware.Rescue;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>
/// Lets each message of a batch fail with its own exception. A batch fails as one, so every message of it would be delayed,
/// logged and shown to a person with what went wrong with another one.
/// </summary>
internal sealed class OwnFailureFilter : IFilter<ExceptionReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
        next.Send(OwnFailure(context) is { } own ? new RescueExceptionReceiveContext(context, own) : context);

    public void Probe(ProbeContext context) => context.CreateFilterScope("ownFailure");

    private static TransientFailureException? OwnFailure(ExceptionReceiveContext context) =>
        context.Exception is PartOfBatchFailedException batch && context.GetMessageId() is { } id ? batch.Failures.GetValueOrDefault(id) : null;
}
