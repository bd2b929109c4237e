using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.ReadingDeadLetters;

/// <summary>Reads what lists show, and leaves the bodies where they are.</summary>
internal static class Summaries
{
    /// <summary>Whether anything says what it is and where it belongs.</summary>
    public static readonly Expression<Func<DeadLetter, bool>> IsMessage = letter => letter.Exchange != null && letter.MessageType != null;

    public static readonly Expression<Func<DeadLetter, DeadLetterSummary>> Of = With((letter, isMessage) => new DeadLetterSummary(
        letter.Id, letter.GroupId, letter.Status, letter.Cause, letter.Queue, letter.Endpoint, letter.MessageId, letter.MessageType, letter.OrderId,
        letter.ExceptionType, letter.ExceptionMessage, letter.Attempts, letter.Copies, letter.FirstAt, letter.LastAt,
        letter.HandledAt, letter.HandledBy, isMessage, letter.EditedFrom));

    public static readonly Func<DeadLetter, DeadLetterSummary> Loaded = Of.Compile();

    /// <summary>Writes <see cref="IsMessage"/> into a summary, where the database can read it.</summary>
    private static Expression<Func<DeadLetter, DeadLetterSummary>> With(Expression<Func<DeadLetter, bool, DeadLetterSummary>> summary)
    {
        var letter = summary.Parameters[0];
        var isMessage = ReplacingExpressionVisitor.Replace(IsMessage.Parameters[0], letter, IsMessage.Body);
        return Expression.Lambda<Func<DeadLetter, DeadLetterSummary>>(ReplacingExpressionVisitor.Replace(summary.Parameters[1], isMessage, summary.Body), letter);
    }
}
