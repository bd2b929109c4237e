using System.Net.Mail;
using System.Text.RegularExpressions;
using OrderSample.OrderService.Data;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>What makes an order acceptable, whatever the stock.</summary>
internal static partial class SubmitOrderValidation
{
    public const int MaxLines = 100;
    public const int MaxQuantity = 1_000;
    public const decimal MaxUnitPrice = 1_000_000;
    private const int MaxNameLength = 200;
    private const int MaxEmailLength = 254;

    public static ValidationErrors Validate(SubmitOrderRequest request)
    {
        var errors = new ValidationErrors();
        Validate(request, "", errors);
        return errors;
    }

    /// <summary>Adds what is wrong with an order that is part of something else.</summary>
    /// <param name="request">The order.</param>
    /// <param name="path">What the names of its fields begin with.</param>
    /// <param name="errors">Takes the errors.</param>
    public static void Validate(SubmitOrderRequest request, string path, ValidationErrors errors)
    {
        errors.Check(request.OrderId != Guid.Empty, $"{path}orderId", "must not be all zeros; leave it out to get one");
        if (request.Customer is { } customer)
            Validate(customer, $"{path}customer", errors);
        else
            errors.Add($"{path}customer", "is missing");

        if (request.Lines is not { Count: > 0 } lines)
            errors.Add($"{path}lines", "must hold at least one line");
        else if (errors.Check(lines.Count <= MaxLines, $"{path}lines", $"must not hold more than {MaxLines} lines"))
            Validate(lines, $"{path}lines", errors);
    }

    private static void Validate(CustomerRequest customer, string path, ValidationErrors errors)
    {
        errors.Check(!string.IsNullOrWhiteSpace(customer.Name), $"{path}.name", "is missing");
        errors.Check(customer.Name is not { Length: > MaxNameLength }, $"{path}.name", $"must not be longer than {MaxNameLength} characters");
        errors.Check(customer.Name?.Any(char.IsControl) != true, $"{path}.name", "must not hold control characters");

        errors.Check(!string.IsNullOrWhiteSpace(customer.Email), $"{path}.email", "is missing");
        errors.Check(customer.Email is null || IsEmail(customer.Email), $"{path}.email", "is no e-mail address");
        errors.Check(customer.Phone is null || Phone().IsMatch(customer.Phone), $"{path}.phone", "is no phone number");
    }

    private static void Validate(IReadOnlyList<LineRequest?> lines, string path, ValidationErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Count; i++)
        {
            var field = $"{path}[{i}]";
            if (lines[i] is not { } line)
            {
                errors.Add(field, "is missing");
                continue;
            }

            errors.Check(line.Sku is not null && Sku().IsMatch(line.Sku), $"{field}.sku", "must be 1 to 64 letters, digits, dots, hyphens or underscores");
            errors.Check(line.Sku is null || seen.Add(line.Sku), $"{field}.sku", "is in the order twice");
            errors.Check(line.Quantity is >= 1 and <= MaxQuantity, $"{field}.quantity", $"must be 1 to {MaxQuantity}");
            errors.Check(line.UnitPrice is >= 0 and <= MaxUnitPrice, $"{field}.unitPrice", $"must be 0 to {MaxUnitPrice}");
            errors.Check(line.UnitPrice is null || Money.IsExact(line.UnitPrice.Value), $"{field}.unitPrice", "must not have more than two decimals");
        }
    }

    // Stricter than the RFC, which allows quotes and comments: what passes can be mailed to and can't break a header.
    private static bool IsEmail(string email) =>
        email.Length <= MaxEmailLength && Email().IsMatch(email) && MailAddress.TryCreate(email, out _);

    [GeneratedRegex(@"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\z")]
    private static partial Regex Email();

    [GeneratedRegex(@"^\+?[0-9][0-9 ()/-]{2,30}\z")]
    private static partial Regex Phone();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Sku();
}
