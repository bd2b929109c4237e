using System.Globalization;

namespace OrderSample.Backoffice.Console.Components;

/// <summary>A number with its noun.</summary>
internal static class Quantity
{
    /// <summary>Such as "1 retry" and "6 retries".</summary>
    public static string Of(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
