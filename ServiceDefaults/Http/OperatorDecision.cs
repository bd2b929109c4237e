using System.ComponentModel.DataAnnotations;

namespace OrderSample.ServiceDefaults.Http;

/// <summary>Who does something to what waits for a person, and why. It is kept with what was done.</summary>
/// <param name="By">Who: in the backoffice the person who signed in; a service believes its caller.</param>
/// <param name="Reason">Why.</param>
public sealed record OperatorDecision([property: Required] string? By, [property: Required] string? Reason)
{
    /// <summary>Longest name and reason, in characters.</summary>
    public const int MaxTextLength = 500;

    /// <summary>One for the OpenAPI document.</summary>
    public static readonly OperatorDecision Example = new("grace", "The cause is mended.");

    /// <summary>What is missing, too long, or no text.</summary>
    public ValidationErrors Validate()
    {
        var errors = new ValidationErrors();
        errors.Check(IsText(By), "by", $"must say who does it, in at most {MaxTextLength} characters");
        errors.Check(IsText(Reason), "reason", $"must say why, in at most {MaxTextLength} characters");
        return errors;
    }

    private static bool IsText(string? text) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= MaxTextLength && !text.Any(c => char.IsControl(c) && c is not '\n' and not '\t');
}
