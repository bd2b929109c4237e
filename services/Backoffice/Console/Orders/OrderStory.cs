using System.Globalization;
using OrderSample.Backoffice.Console.Components;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReadingDeadLetters;

namespace OrderSample.Backoffice.Console.Orders;

/// <summary>Who sends or takes something of an order's story. In the sequence in which they stand side by side.</summary>
public enum Lane
{
    /// <summary>Places, pays and cancels over HTTP, and is told by mail and text message.</summary>
    Customer,

    /// <summary>Has the saga and the payment ledger.</summary>
    OrderService,

    /// <summary>Has the stock.</summary>
    InventoryService,

    /// <summary>Tells the customer.</summary>
    NotificationService,

    /// <summary>The dead-letter desk, and the person at it.</summary>
    Desk,
}

/// <summary>What kind of step it is: how it looks.</summary>
public enum StepKind
{
    /// <summary>A person or another system asks over HTTP.</summary>
    Request,

    /// <summary>A service tells another one what to do.</summary>
    Command,

    /// <summary>A service says what has happened.</summary>
    Event,

    /// <summary>An answer did not come, or something was not done in time.</summary>
    Timeout,

    /// <summary>A command is sent again because nobody has answered.</summary>
    SentAgain,

    /// <summary>A message could not be handled.</summary>
    Failure,

    /// <summary>A person decided something.</summary>
    Decision,

    /// <summary>The customer was told.</summary>
    Notice,
}

/// <summary>One thing that happened to an order.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Title">What, in a few words.</param>
/// <param name="Kind">What kind of step it is.</param>
/// <param name="From">Who sent it.</param>
/// <param name="To">Who took it, or should have.</param>
/// <param name="Detail">What else there is to say.</param>
/// <param name="Link">The page that says more.</param>
/// <param name="Times">How often it happened without anything else in between.</param>
/// <param name="LastAt">When it happened last, UTC.</param>
public sealed record StoryStep(
    DateTimeOffset At, string Title, StepKind Kind, Lane From, Lane To, string? Detail = null, string? Link = null, int Times = 1, DateTimeOffset? LastAt = null);

/// <summary>
/// Puts together what the services know of an order: the saga's timeline, the messages that failed and what people did about them, and what the
/// customer was told.
/// </summary>
internal static class OrderStory
{
    private static readonly string[] Commands = ["ReserveStock", "CommitStock", "ReleaseStock"];
    private static readonly string[] Answers = ["StockReserved", "StockShort", "StockCommitted", "StockReleased"];
    private static readonly string[] Requests = ["OrderSubmitted", "PaymentReceived", "CancellationRequested"];

    /// <summary>All of it, oldest first. What repeats is one step.</summary>
    /// <param name="timeline">The saga's timeline.</param>
    /// <param name="letters">The order's messages that failed.</param>
    /// <param name="notices">What the customer was told, or is to be.</param>
    public static IReadOnlyList<StoryStep> Of(IEnumerable<OrderEvent> timeline, IEnumerable<DeadLetterOfOrder> letters, IEnumerable<NotificationRow> notices)
    {
        // Steps of the same moment keep the sequence in which their source has them.
        IEnumerable<StoryStep> all = timeline.Select(Step).Concat(letters.SelectMany(Steps)).Concat(notices.Where(notice => notice.SentAt is not null).Select(Step));
        var story = new List<StoryStep>();
        foreach (var step in all.OrderBy(step => step.At))
        {
            if (story is [.., var last] && step.Kind == StepKind.SentAgain && last.Kind == StepKind.SentAgain && last.To == step.To)
                story[^1] = last with { Times = last.Times + 1, LastAt = step.At, Detail = step.Detail };
            else
                story.Add(step);
        }

        return story;
    }

    private static StoryStep Step(OrderEvent entry)
    {
        var (kind, from, to) = entry.Event switch
        {
            "Resent" => (StepKind.SentAgain, Lane.OrderService, Lane.InventoryService),
            "PaymentRefunded" => (StepKind.Event, Lane.OrderService, Lane.Customer),
            var name when Commands.Contains(name) => (StepKind.Command, Lane.OrderService, Lane.InventoryService),
            var name when Answers.Contains(name) => (StepKind.Event, Lane.InventoryService, Lane.OrderService),
            var name when Requests.Contains(name) => (StepKind.Request, Lane.Customer, Lane.OrderService),
            var name when name.StartsWith("Attention", StringComparison.Ordinal) => (StepKind.Decision, Lane.Desk, Lane.OrderService),
            var name when name.EndsWith("TimeoutExpired", StringComparison.Ordinal) => (StepKind.Timeout, Lane.OrderService, Lane.OrderService),
            _ => (StepKind.Event, Lane.OrderService, Lane.OrderService),
        };
        return new StoryStep(entry.At, kind == StepKind.SentAgain ? "Command sent again" : StateBadge.Name(entry.Event), kind, from, to, entry.Detail);
    }

    private static StoryStep Step(NotificationRow notice) =>
        new(notice.SentAt!.Value, $"{StateBadge.Name(notice.Kind)}, by {notice.Channel.ToLowerInvariant()}", StepKind.Notice, Lane.NotificationService, Lane.Customer,
            notice.Attempts > 1 ? $"{notice.Attempts} attempts." : null);

    private static IEnumerable<StoryStep> Steps(DeadLetterOfOrder dead)
    {
        var letter = dead.Letter;
        var lane = LaneOf(letter.Endpoint);
        var link = string.Create(CultureInfo.InvariantCulture, $"/desk/{letter.Id}");
        var message = letter.MessageType is { } type ? TypeName.Short(type) : "A message";
        var why = letter.ExceptionType is { } exception ? $"{TypeName.Short(exception)}: {letter.ExceptionMessage}" : letter.ExceptionMessage;
        // What is known of the reason, the cause and the tries is that of the last failure.
        yield return letter.Attempts == 1
            ? new StoryStep(letter.FirstAt, $"{message} {Cause(letter.Cause)}: dead letter {letter.Id}", StepKind.Failure, lane, Lane.Desk, $"{why} {Tries(dead)}".Trim(), link)
            : new StoryStep(letter.FirstAt, $"{message}: dead letter {letter.Id}", StepKind.Failure, lane, Lane.Desk, null, link);
        foreach (var action in dead.Actions)
        {
            yield return new StoryStep(action.At, $"{message} {Words(action.Action)} by {action.By}", StepKind.Decision, Lane.Desk, action.Action == DeadLetterActionKind.Replayed ? TakerOf(letter) : Lane.Desk,
                action.Problem is null ? action.Reason : $"{action.Reason} ({action.Problem})", link);
        }

        // A replay is noted when the broker has confirmed it: a consumer can be faster.
        var replayedAt = dead.Actions.Where(action => action.Action == DeadLetterActionKind.Replayed).Max(action => (DateTimeOffset?)action.At);
        if (letter is { HandledAt: { } handledAt, HandledBy: { } endpoint })
            yield return new StoryStep(handledAt < replayedAt ? replayedAt.Value : handledAt, $"{message} handled by {endpoint}", StepKind.Event, LaneOf(endpoint), Lane.Desk, $"Of dead letter {letter.Id}, this endpoint has reported that the message is handled: by the replay, or before.", link);
        if (letter.Attempts > 1)
            yield return new StoryStep(letter.LastAt, $"{message} {Cause(letter.Cause)} again, attempt {letter.Attempts}", StepKind.Failure, lane, Lane.Desk, $"{why} {Tries(dead)}".Trim(), link);
        if (letter.Copies > 0)
        {
            yield return new StoryStep(dead.LastCopyAt ?? letter.LastAt, $"{Quantity.Of(letter.Copies, "copy", "copies")} of {message} failed, too", StepKind.Failure, lane, Lane.Desk,
                "Sent again while the first one was a dead letter, and part of the same case: handling one is as good as handling all.", link);
        }
    }

    private static string Tries(DeadLetterOfOrder dead)
    {
        var tries = new List<string>();
        if (dead.Retries > 0)
            tries.Add(Quantity.Of(dead.Retries, "immediate retry", "immediate retries"));
        if (dead.Redeliveries > 0)
            tries.Add(Quantity.Of(dead.Redeliveries, "redelivery", "redeliveries"));
        return tries.Count == 0 ? "" : $"({string.Join(", ", tries)})";
    }

    private static string Cause(DeadLetterCause cause) => cause switch
    {
        DeadLetterCause.Failed => "failed",
        DeadLetterCause.Skipped => "has no consumer",
        DeadLetterCause.Unrouted => "found no queue",
        _ => "was taken out of its queue",
    };

    private static string Words(DeadLetterActionKind action) => action switch
    {
        DeadLetterActionKind.Replayed => "replayed",
        DeadLetterActionKind.ReplayFailed => "could not be replayed",
        _ => "discarded",
    };

    /// <summary>Who is to have it when it is replayed: the endpoint that failed; of an event that found no queue, who consumes its kind.</summary>
    private static Lane TakerOf(DeadLetterSummary letter) =>
        letter.Cause != DeadLetterCause.Unrouted || letter.MessageType is not { } type ? LaneOf(letter.Endpoint)
        : Answers.Concat(Requests).Contains(TypeName.Short(type)) ? Lane.OrderService
        : Lane.NotificationService;

    /// <summary>Whose endpoint failed; of an event that no queue takes, whose event it is.</summary>
    private static Lane LaneOf(string endpoint) =>
        endpoint.StartsWith("inventory-", StringComparison.Ordinal) || endpoint.Contains(".Inventory.", StringComparison.Ordinal) ? Lane.InventoryService
        : endpoint.StartsWith("notification-", StringComparison.Ordinal) ? Lane.NotificationService
        : Lane.OrderService;
}
