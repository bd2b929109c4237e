using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>What a service can't mend at the broker.</summary>
/// <param name="HasOtherArguments">Whether it is there, and not as this service is configured.</param>
/// <param name="Text">What is wrong, and the way out.</param>
internal sealed record TopologyProblem(bool HasOtherArguments, string Text)
{
    /// <param name="queue">Its endpoint is this service's.</param>
    public static TopologyProblem NobodyConsumes(string queue) => new(HasOtherArguments: false,
        $"""
        Nobody consumes from the queue {queue}, and what is in it waits. While what its endpoint needs fails, the endpoint rests and tries again
        (docs/handbook/retry-and-redelivery.md). If nothing of that is in the log, restart this service.
        """);

    /// <param name="thing">What could not be declared.</param>
    /// <param name="refusal">The broker's words, which name the argument and both values.</param>
    public static TopologyProblem Of(string thing, ShutdownEventArgs refusal) => refusal.ReplyCode switch
    {
        Constants.PreconditionFailed => new(HasOtherArguments: true,
            $"""
            The {thing} exists with other arguments than this service asks for. The broker says: {refusal.ReplyText}
            Arguments can't be changed. Either set Messaging:Queues back to what the queue has, if it is that, or replace it: let the queue run empty or move
            its messages (docs/handbook/durability.md), and delete it. A service that runs declares it anew at its next look, another one when it starts. An
            exchange holds no messages. In a demo whose data may go, a start with --fresh does it.
            """),
        Constants.AccessRefused => new(HasOtherArguments: false,
            $"""
            This service's user may not declare the {thing}, so it can neither be compared nor mended. The broker says: {refusal.ReplyText}
            Give the user the rights that docs/handbook/least-privilege.md names.
            """),
        _ => new(HasOtherArguments: false, $"The {thing} could not be declared and is tried again. The broker says: {refusal.ReplyText}"),
    };
}
