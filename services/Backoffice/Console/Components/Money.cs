using System.Globalization;

namespace OrderSample.Backoffice.Console.Components;

/// <summary>An amount as the console shows it.</summary>
internal static class Money
{
    public static string Text(decimal amount) => amount.ToString("#,0.00", CultureInfo.InvariantCulture);
}
