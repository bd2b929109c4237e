using System.Globalization;

namespace OrderSample.OrderService.Data;

/// <summary>Amounts in the shop's currency.</summary>
internal static class Money
{
    /// <summary>Whether an amount has no more than the two decimals that money has; zeros behind them do no harm.</summary>
    public static bool IsExact(decimal amount) => decimal.Round(amount, 2) == amount;

    /// <summary>The same amount with two decimals: 1.5 and 1.50 are equal, but are written differently.</summary>
    public static decimal WithCents(decimal amount) => decimal.Round(amount, 2) + 0.00m;

    /// <summary>For people: 29.80, wherever the machine is.</summary>
    public static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
