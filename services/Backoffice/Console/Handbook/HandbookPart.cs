namespace OrderSample.Backoffice.Console.Handbook;

/// <summary>A part of a page, by how it is shown.</summary>
internal abstract record HandbookPart
{
    /// <summary>Headings, paragraphs and lists.</summary>
    /// <param name="Html">As HTML.</param>
    public sealed record Prose(string Html) : HandbookPart;

    /// <summary>A table, which may be wider than the page.</summary>
    /// <param name="Html">As HTML.</param>
    public sealed record Grid(string Html) : HandbookPart;

    /// <summary>What one may copy and run.</summary>
    /// <param name="Text">As it is written.</param>
    public sealed record Code(string Text) : HandbookPart;

    /// <summary>A diagram.</summary>
    /// <param name="Source">What it is drawn from, in Mermaid's language.</param>
    /// <param name="Picture">The picture as an address; null when there is none.</param>
    public sealed record Diagram(string Source, string? Picture) : HandbookPart;
}
