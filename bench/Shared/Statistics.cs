namespace OrderSample.Bench.Shared;

/// <summary>What is said of many measured values.</summary>
public static class Statistics
{
    /// <summary>The value in the middle, or the mean of the two there.</summary>
    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            throw new InvalidOperationException("There is no median of no values.");
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The smallest value that so many percent of all do not exceed: one that was measured, not one in between.</summary>
    /// <param name="values">The values.</param>
    /// <param name="percent">0 to 100.</param>
    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public static double Percentile(this IEnumerable<double> values, double percent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(percent, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            throw new InvalidOperationException("There is no percentile of no values.");
        return sorted[Math.Max(0, (int)Math.Ceiling(percent / 100 * sorted.Length) - 1)];
    }
}
