namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Makes anybody's text fit a column.</summary>
internal static class Limited
{
    /// <summary>Cuts text that is too long, and replaces what PostgreSQL can't store.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">Most characters.</param>
    public static string? Text(string? text, int length)
    {
        if (text is null)
            return null;
        if (text.Length > length)
            text = text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
        return text.Replace('\0', '\uFFFD');
    }
}
