using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.Data;

/// <summary>Body of a request that does something to dead letters.</summary>
/// <param name="By">Who does it. Until there is a sign-in, the caller says so.</param>
/// <param name="Reason">Why.</param>
public sealed record Decision(string? By, string? Reason)
{
    internal ValidationErrors Validate()
    {
        var errors = new ValidationErrors();
        errors.Check(IsText(By), "by", $"must say who does it, in at most {DeadLetterAction.MaxTextLength} characters");
        errors.Check(IsText(Reason), "reason", $"must say why, in at most {DeadLetterAction.MaxTextLength} characters");
        return errors;
    }

    internal DeadLetterAction On(long deadLetterId, DeadLetterActionKind action, DateTimeOffset at, string? problem = null) => new()
    {
        DeadLetterId = deadLetterId,
        Action = action,
        By = By!,
        Reason = Reason!,
        At = at,
        Problem = problem,
    };

    private static bool IsText(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= DeadLetterAction.MaxTextLength && !text.Any(char.IsControl);
}
