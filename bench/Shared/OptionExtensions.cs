using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace OrderSample.Bench.Shared;

/// <summary>What the benchmarks' command lines have in common.</summary>
public static class OptionExtensions
{
    /// <summary>Refuses what is not within the limits, both included.</summary>
    public static void AddRange<T>(this Option<T> option, T least, T most)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(option);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value) || value < least || value > most))
                result.AddError($"{option.Name} takes a number from {least} to {most}, not '{result.Tokens[0].Value}'.");
        });
    }
}
