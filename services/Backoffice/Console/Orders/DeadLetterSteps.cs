using System.Globalization;
using OrderSample.Backoffice.Console.Components;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReadingDeadLetters;

namespace OrderSample.Backoffice.Console.Orders;

/// <summary>A dead letter as steps of its order's story.</summary>
internal static class DeadLetterSteps
{
    /// <summary>The failure, what people did, and how it ended.</summary>
    public static IEnumerable<StoryStep> Of(DeadLetterOfOrder dead)
    {
        var letter = dead.Letter;
        var lane = Lanes.Of(letter.Endpoint);
        var link = string.Create(CultureInfo.InvariantCulture, $"/desk/{letter.Id}");
        var message = letter.MessageType is { } type ? TypeName.Short(type) : "A message";
        var why = letter.ExceptionType is { } exception ? $"{TypeName.Short(exception)}: {letter.ExceptionMessage}" : letter.ExceptionMessage;
        // What is known of the reason, the cause and the tries is that of the last failure.
        yield return letter.EditedFrom is { } before ? new StoryStep(letter.FirstAt, $"{message} edited: dead letter {letter.Id} in place of {before}", StepKind.Decision, Lane.Desk, Lane.Desk, null, link)
            : letter.Attempts == 1
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
            yield return new StoryStep(handledAt < replayedAt ? replayedAt.Value : handledAt, $"{message} handled by {endpoint}", StepKind.Event, Lanes.Of(endpoint), Lane.Desk, $"Of dead letter {letter.Id}, this endpoint has reported that the message is handled: by the replay, or before.", link);
        if (letter.Attempts > (letter.EditedFrom is null ? 1 : 0))
            yield return new StoryStep(letter.LastAt, $"{message} {Cause(letter.Cause)}{(letter.EditedFrom is null ? $" again, attempt {letter.Attempts}" : "")}", StepKind.Failure, lane, Lane.Desk, $"{why} {Tries(dead)}".Trim(), link);
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
        DeadLetterActionKind.Edited => "edited",
        _ => "discarded",
    };

    /// <summary>Who is to have it when it is replayed: the endpoint that failed; of an event that found no queue, who consumes its kind.</summary>
    private static Lane TakerOf(DeadLetterSummary letter) =>
        letter.Cause != DeadLetterCause.Unrouted || letter.MessageType is not { } type ? Lanes.Of(letter.Endpoint)
        : TimelineSteps.Answers.Concat(TimelineSteps.Requests).Contains(TypeName.Short(type)) ? Lane.OrderService
        : Lane.NotificationService;
}
