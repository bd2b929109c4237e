using System.Text.RegularExpressions;
using OrderSample.Nemesis.Recording;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Checking;

/// <summary>
/// Messages that found no queue because somebody had deleted or unbound something on their way: a person sends them again. Of every other one that is
/// left, the system is to blame.
/// </summary>
internal static partial class Unbound
{
    /// <summary>How long a message may have been in an outbox until it was given up.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMinutes(5);

    /// <summary>Whether an event came when a binding of its way was missing.</summary>
    public static bool Was(DeadLetterFacts letter, IEnumerable<GapLine> gaps) =>
        letter.Cause == "Unrouted" && gaps.Any(gap => IsOnTheWay(gap, letter.Endpoint) && gap.Meets(letter.SentAt ?? letter.FirstAt, letter.FirstAt));

    /// <summary>Whether a command was given up when a binding of its way was missing.</summary>
    public static bool Was(OutboxFacts message, IEnumerable<GapLine> gaps) =>
        message.IsParked && NoQueue().Match(message.LastError ?? "") is { Success: true } refusal
        && gaps.Any(gap => IsOnTheWay(gap, refusal.Groups["exchange"].Value) && gap.Meets(message.SentAt, message.SentAt + OnItsWay));

    /// <summary>From its exchange an event goes to those of the endpoints that subscribe to it, and from there to their queues.</summary>
    private static bool IsOnTheWay(GapLine gap, string exchange)
    {
        var source = gap.Binding.Split(' ')[0];
        return source == exchange || (SystemShape.Subscribers.TryGetValue(exchange, out var endpoints) && endpoints.Any(x => source == SystemShape.EventsExchange(x)));
    }

    [GeneratedRegex("^(No queue is bound to the|There is no) exchange (?<exchange>[^ ,]+)")]
    private static partial Regex NoQueue();
}
