using System.Linq.Expressions;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.ReadingDeadLetters;

/// <summary>Reads what lists show, and leaves the bodies where they are.</summary>
internal static class Summaries
{
    public static readonly Expression<Func<DeadLetter, DeadLetterSummary>> Of = letter => new DeadLetterSummary(
        letter.Id, letter.GroupId, letter.Status, letter.Cause, letter.Queue, letter.Endpoint, letter.MessageId, letter.MessageType, letter.OrderId,
        letter.ExceptionType, letter.ExceptionMessage, letter.Attempts, letter.Copies, letter.FirstAt, letter.LastAt,
        letter.HandledAt, letter.HandledBy, letter.Exchange != null && letter.MessageType != null);

    /// <summary>Whether anything says what it is and where it belongs.</summary>
    public static readonly Expression<Func<DeadLetter, bool>> IsMessage = letter => letter.Exchange != null && letter.MessageType != null;

    public static readonly Func<DeadLetter, DeadLetterSummary> Loaded = Of.Compile();
}
