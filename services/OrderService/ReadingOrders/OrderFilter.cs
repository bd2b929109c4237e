using System.Globalization;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.OrderService.ReadingOrders;

/// <summary>Which orders are asked for; what is null says nothing.</summary>
/// <param name="States">The states they may be in.</param>
/// <param name="Search">What one of their searched values is, or begins with; lower case.</param>
/// <param name="From">Placed then or later, UTC.</param>
/// <param name="To">Placed earlier, UTC.</param>
internal sealed record OrderFilter(string[]? States, string? Search, DateTimeOffset? From, DateTimeOffset? To)
{
    private const int MinSearchLength = 2;
    private const int MaxSearchLength = 100;
    private static readonly string[] Times = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
    private static readonly string Statuses = string.Join(", ", Enum.GetNames<OrderStatus>());

    /// <summary>Reads the filter of a request.</summary>
    public static OrderFilter Parse(string? status, string? search, string? from, string? to, ValidationErrors errors)
    {
        var filter = new OrderFilter(StatesOf(status, errors), Text(search, errors), Time(from, "from", errors), Time(to, "to", errors));
        errors.Check(!(filter.From >= filter.To), "to", "must be later than from");
        return filter;
    }

    /// <summary>Describes the parameters that <see cref="Parse"/> reads, save the status.</summary>
    public static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithParameter("search", $"Only orders whose id, customer's name, e-mail address or reason begins with this, or that have a line with this SKU or a payment with this id; "
            + $"{MinSearchLength} to {MaxSearchLength} characters, upper and lower case are the same.", "ada")
        .WithParameter("from", "Only orders placed at this time or later, in ISO 8601; UTC when it names no zone.", Example.Time.ToString("O", CultureInfo.InvariantCulture))
        .WithParameter("to", "Only orders placed before this time.", Example.Time.AddHours(1).ToString("O", CultureInfo.InvariantCulture));

    private static string[]? StatesOf(string? status, ValidationErrors errors)
    {
        if (status is null)
            return null;

        var known = Enum.GetNames<OrderStatus>().FirstOrDefault(name => string.Equals(name, status, StringComparison.OrdinalIgnoreCase));
        errors.Check(known is not null, "status", $"must be one of {Statuses}");
        return known is null ? null : OrderStatuses.StatesOf(Enum.Parse<OrderStatus>(known));
    }

    private static string? Text(string? search, ValidationErrors errors)
    {
        var text = search?.Trim().ToLowerInvariant();
        errors.Check(text is null or { Length: >= MinSearchLength and <= MaxSearchLength }, "search", $"must have {MinSearchLength} to {MaxSearchLength} characters");
        errors.Check(text?.Any(char.IsControl) != true, "search", "must not hold control characters");
        return text;
    }

    private static DateTimeOffset? Time(string? text, string field, ValidationErrors errors)
    {
        DateTimeOffset time = default;
        var valid = text is null || DateTimeOffset.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        errors.Check(valid, field, "is no time in ISO 8601");
        return text is null || !valid ? null : time;
    }
}
