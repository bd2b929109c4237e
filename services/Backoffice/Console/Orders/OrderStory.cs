using OrderSample.Backoffice.Console.Components;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReadingDeadLetters;

namespace OrderSample.Backoffice.Console.Orders;

/// <summary>
/// Puts together what is known of an order: the saga's timeline, the messages that failed, were delivered again, and what people did about them, and
/// what the customer was told.
/// </summary>
internal static class OrderStory
{
    /// <summary>All of it, oldest first. What repeats is one step.</summary>
    /// <param name="timeline">The saga's timeline.</param>
    /// <param name="failures">What went wrong with the order's messages.</param>
    /// <param name="notices">What the customer was told, or is to be.</param>
    /// <param name="now">For what is still to come, UTC.</param>
    public static IReadOnlyList<StoryStep> Of(IEnumerable<OrderEvent> timeline, FoundFailures failures, IEnumerable<NotificationRow> notices, DateTimeOffset now)
    {
        // Steps of the same moment keep the sequence in which their source has them.
        IEnumerable<StoryStep> all = TimelineSteps.Of([.. timeline])
            .Concat(failures.Repetitions.SelectMany(repetition => RepetitionSteps.Of(repetition, now))).Concat(failures.DeadLetters.SelectMany(DeadLetterSteps.Of))
            .Concat(notices.Where(notice => notice.SentAt is not null).Select(Step));
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

    /// <summary>What is known of one dead letter, oldest first.</summary>
    /// <param name="letter">The dead letter.</param>
    /// <param name="repetitions">How often it was delivered before.</param>
    /// <param name="now">For what is still to come, UTC.</param>
    public static IReadOnlyList<StoryStep> OfCase(DeadLetterDetails letter, IReadOnlyList<DeliveryRepetition> repetitions, DateTimeOffset now)
    {
        var lastCopyAt = letter.Summary.Copies > 0 ? letter.Summary.LastAt : (DateTimeOffset?)null;
        var failures = new FoundFailures([new DeadLetterOfOrder(letter.Summary, letter.Redeliveries, letter.Retries, letter.Actions, lastCopyAt)], repetitions);
        return [.. Of([], failures, [], now).Select(step => step with { Link = null })];
    }

    private static StoryStep Step(NotificationRow notice) =>
        new(notice.SentAt!.Value, $"{StateBadge.Name(notice.Kind)}, by {notice.Channel.ToLowerInvariant()}", StepKind.Notice, Lane.NotificationService, Lane.Customer,
            notice.Attempts > 1 ? $"{notice.Attempts} attempts." : null);
}
