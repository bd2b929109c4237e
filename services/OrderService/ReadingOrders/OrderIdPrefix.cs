namespace OrderSample.OrderService.ReadingOrders;

/// <summary>How an order's id begins: all ids from one to another, in the order of their text.</summary>
/// <param name="First">The first id that begins so.</param>
/// <param name="Last">The last one.</param>
public readonly record struct OrderIdPrefix(Guid First, Guid Last)
{
    private const int Digits = 32;

    /// <summary>The beginning as ids are written, with hyphens.</summary>
    public string Text
    {
        get
        {
            var last = Last.ToString();
            return string.Concat(First.ToString().TakeWhile((digit, index) => digit == last[index]));
        }
    }

    /// <summary>Reads the beginning of an id, with or without hyphens.</summary>
    /// <param name="text">What may be one.</param>
    /// <returns>Null when no id begins so.</returns>
    public static OrderIdPrefix? Parse(string text)
    {
        var digits = (text ?? "").Replace("-", "", StringComparison.Ordinal);
        return digits.Length is 0 or > Digits || !digits.All(char.IsAsciiHexDigit)
            ? null
            : new OrderIdPrefix(Guid.ParseExact(digits.PadRight(Digits, '0'), "N"), Guid.ParseExact(digits.PadRight(Digits, 'f'), "N"));
    }
}
