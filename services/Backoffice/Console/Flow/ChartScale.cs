using System.Globalization;

namespace OrderSample.Backoffice.Console.Flow;

/// <summary>A value at a time.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Value">How much.</param>
public sealed record ChartPoint(DateTimeOffset At, double Value);

/// <summary>Where values stand in a chart: time to the right, ending now; values upwards, beginning at 0.</summary>
/// <param name="Width">Of the drawing area, in units of the picture.</param>
/// <param name="Height">Of the drawing area.</param>
/// <param name="Now">The right edge.</param>
/// <param name="Span">Time between the edges.</param>
/// <param name="Max">The value at the upper edge.</param>
internal sealed record ChartScale(double Width, double Height, DateTimeOffset Now, TimeSpan Span, double Max)
{
    /// <summary>The least round number that all values fit below: 1, 2 or 5 and zeros, at least <paramref name="least"/>.</summary>
    public static double RoundMax(double max, double least)
    {
        if (max <= least)
            return least;
        var power = Math.Pow(10, Math.Floor(Math.Log10(max)));
        foreach (var factor in (ReadOnlySpan<double>)[1, 2, 5])
        {
            if (max <= factor * power)
                return factor * power;
        }

        return 10 * power;
    }

    /// <summary>Where a time stands.</summary>
    public double X(DateTimeOffset at) => Width * (1 - ((Now - at) / Span));

    /// <summary>Where a value stands; 0 is at the bottom.</summary>
    public double Y(double value) => Height * (1 - (Math.Clamp(value, 0, Max) / Max));

    /// <summary>The points of a line for SVG, in pieces: a gap in time is a gap in the line.</summary>
    /// <param name="points">The values, oldest first; those before the left edge are left out.</param>
    /// <param name="gap">Time between two values from which on they are not connected.</param>
    public IReadOnlyList<string> Lines(IEnumerable<ChartPoint> points, TimeSpan gap)
    {
        var lines = new List<List<ChartPoint>>();
        foreach (var point in points.Where(point => point.At >= Now - Span))
        {
            if (lines.Count == 0 || point.At - lines[^1][^1].At > gap)
                lines.Add([]);
            lines[^1].Add(point);
        }

        return [.. lines.Select(line => string.Join(' ', line.Select(point => $"{Number(X(point.At))},{Number(Y(point.Value))}")))];
    }

    /// <summary>A number as SVG wants it.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}

/// <summary>A line, or bars, of a chart.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Tone">Its colour: the CSS class series-….</param>
/// <param name="Points">The values, oldest first.</param>
public sealed record Series(string Name, string Tone, IReadOnlyList<ChartPoint> Points);
