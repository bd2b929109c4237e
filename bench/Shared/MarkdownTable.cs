using System.Globalization;
using System.Text;

namespace OrderSample.Bench.Shared;

/// <summary>Tables as they go into a document.</summary>
public static class MarkdownTable
{
    /// <summary>Begins a table.</summary>
    public static void AppendHeader(this StringBuilder text, params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(text);
        text.Append('\n');
        text.AppendRow([.. columns]);
        text.AppendRow([.. columns.Select(_ => "---")]);
    }

    /// <summary>Adds a row to the table that was begun last.</summary>
    public static void AppendRow(this StringBuilder text, params object[] cells)
    {
        ArgumentNullException.ThrowIfNull(text);
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |\n");
    }
}
