using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.ReadingDeadLetters;

/// <summary>Shows one dead letter with all that is known of it.</summary>
internal static class GetDeadLetter
{
    private const int MaxCopies = 100;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<Results<Ok<DeadLetterDetails>, NotFound>> GetAsync(long id, BackofficeDbContext context, CancellationToken cancellationToken) =>
        await FindAsync(id, context, cancellationToken) is { } letter ? TypedResults.Ok(letter) : TypedResults.NotFound();

    /// <returns>Null when there is none of that number.</returns>
    public static async Task<DeadLetterDetails?> FindAsync(long id, BackofficeDbContext context, CancellationToken cancellationToken)
    {
        var letter = await context.DeadLetters.AsNoTracking().SingleOrDefaultAsync(x => x.Id == id, cancellationToken);
        if (letter is null)
            return null;

        var actions = await context.Actions.Where(action => action.DeadLetterId == id).OrderBy(action => action.Id)
            .Select(action => new DeadLetterActionView(action.Action, action.By, action.Reason, action.At, action.Problem))
            .ToListAsync(cancellationToken);
        var copies = await context.Copies.Where(copy => copy.DeadLetterId == id).OrderBy(copy => copy.Id).Take(MaxCopies)
            .Select(copy => copy.MessageId).ToListAsync(cancellationToken);
        long? open = letter.CopyKey is { } key && letter.Status != DeadLetterStatus.Open
            ? await context.DeadLetters.Where(other => other.CopyKey == key && other.Status == DeadLetterStatus.Open).Select(other => (long?)other.Id).SingleOrDefaultAsync(cancellationToken)
            : null;
        long? replacement = letter.Status == DeadLetterStatus.Replaced
            ? await context.DeadLetters.Where(other => other.EditedFrom == id).Select(other => (long?)other.Id).SingleOrDefaultAsync(cancellationToken)
            : null;
        var (body, encoding) = Text(letter.Body);
        return new DeadLetterDetails(
            Summaries.Loaded(letter), letter.StackTrace, letter.Redeliveries, letter.Retries, letter.LostDeliveries,
            letter.Properties.ContentType, letter.Properties.Headers, body, encoding, letter.Body.Length, copies, open, actions, replacement);
    }

    private static (string Body, BodyEncoding Encoding) Text(byte[] body)
    {
        try
        {
            return (StrictUtf8.GetString(body), BodyEncoding.Utf8);
        }
        catch (DecoderFallbackException)
        {
            return (Convert.ToBase64String(body), BodyEncoding.Base64);
        }
    }
}
