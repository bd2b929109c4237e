using OrderSample.EndToEnd.Tests.Running;
using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Recording;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Checking;

/// <summary>No message is lost or done twice, and none is left for a person when <see cref="Unbound"/> ones have been sent again.</summary>
internal static class MessageRules
{
    /// <summary>How long a message may have been in an outbox and a queue until the queue was deleted.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMinutes(2);

    private static readonly string[] Commands = ["ReserveStock", "CommitStock", "ReleaseStock"];
    private static readonly string[] Answers = ["StockReserved", "StockShort", "StockCommitted", "StockReleased"];

    private static readonly HashSet<string> Deleting = [.. FaultKinds.All.Where(x => x.DeletesMessages).Select(x => x.Name)];

    public static Rule AccountedFor { get; } = new("every message is accounted for", facts =>
        from message in facts.Messages
        where message.IsUnaccounted && !MayHaveBeenDeleted(message, facts)
        select new Finding($"{message}; it was sent at {message.SentAt:HH:mm:ss.fff}.", message.OrderId));

    /// <summary>A command that is consumed twice is answered twice: only the inbox keeps it from that.</summary>
    public static Rule OneAnswerForEachCommand { get; } = new("every stock command is answered once", facts =>
        from order in facts.Messages.Where(x => x.OrderId is not null).GroupBy(x => x.OrderId)
        let commands = order.Count(x => Commands.Contains(x.Kind))
        let answers = order.Count(x => Answers.Contains(x.Kind))
        where answers > commands
        select new Finding($"Order {order.Key} has {commands} stock commands and {answers} answers.", order.Key));

    public static Rule NothingIsParked { get; } = new("nothing is parked", facts =>
        from message in facts.Outboxes
        where message.IsParked
        select new Finding($"{message.Message} of order {message.OrderId} is parked in {message.Database} after {message.Attempts} attempts: {message.LastError}", message.OrderId));

    public static Rule NothingIsDead { get; } = new("nothing is a dead letter", facts =>
        from letter in facts.DeadLetters
        select new Finding($"Dead letter {letter.Id}, {letter.MessageType} for {letter.Endpoint} in {letter.Queue}: {letter.Problem ?? letter.Cause}, sent {letter.SentAt:HH:mm:ss.f}, found {letter.FirstAt:HH:mm:ss.f}", letter.OrderId));

    public static Rule NothingIsLeft { get; } = new("queues and outboxes are empty", facts =>
    [
        .. facts.Queues.Where(x => x.Value > 0).Select(x => new Finding($"{x.Key} holds {x.Value} messages.")),
        .. facts.Outboxes.Where(x => !x.IsParked).Select(x => new Finding($"{x.Message} is left in the outbox of {x.Database}{(x.IsScheduled ? ", scheduled" : $" after {x.Attempts} attempts: {x.LastError}")}.", x.OrderId)),
    ]);

    public static Rule EveryBindingIsBack { get; } = new("what was deleted is made anew", facts =>
        from gap in facts.Gaps where gap.To is null select new Finding($"The binding of {gap.Binding} is missing since {gap.From:HH:mm:ss}."));

    private static bool MayHaveBeenDeleted(NotedMessage message, Facts facts) => facts.Faults.Any(x =>
        Deleting.Contains(x.Kind) && SystemShape.QueuesOf(message.Kind).Contains(x.Target) && x.Begin - OnItsWay <= message.SentAt && message.SentAt <= x.End);
}
