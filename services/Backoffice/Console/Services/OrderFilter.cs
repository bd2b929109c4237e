using System.Globalization;

namespace OrderSample.Backoffice.Console.Services;

/// <summary>Which orders the order service is asked for; what is null says nothing.</summary>
/// <param name="Search">What the order's id, customer, e-mail address or reason begins with, or a SKU or payment id of it.</param>
/// <param name="From">Placed then or later.</param>
/// <param name="To">Placed earlier.</param>
public sealed record OrderFilter(string? Search, DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>All orders.</summary>
    public static readonly OrderFilter All = new(null, null, null);

    /// <summary>The same as parameters of an address.</summary>
    /// <param name="more">Further ones; those without a value are left out.</param>
    internal string ToQuery(params IEnumerable<(string Name, string? Value)> more)
    {
        (string Name, string? Value)[] own = [("search", Search), ("from", Text(From)), ("to", Text(To))];
        var parameters = more.Concat(own)
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}");
        return string.Join('&', parameters);
    }

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
