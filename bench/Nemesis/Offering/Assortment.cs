using System.Globalization;

namespace OrderSample.Nemesis.Offering;

/// <summary>What can be ordered.</summary>
internal static class Assortment
{
    /// <summary>What a piece of everything costs.</summary>
    public const decimal UnitPrice = 12.50m;

    /// <summary>Pieces of each product: more than any run sells.</summary>
    public const int OnHand = 10_000_000;

    /// <summary>The product that there is too little of.</summary>
    public const string ScarceSku = "NEMESIS-SCARCE";

    /// <summary>Pieces of that.</summary>
    public const int ScarceOnHand = 5;

    /// <summary>The product that a service crashes at.</summary>
    public const string CrashSku = "NEMESIS-7";

    private const int Products = 50;

    /// <summary>All products with the pieces that there are at the beginning.</summary>
    public static IReadOnlyList<Line> Stock { get; } = [.. Skus(0, Products).Select(sku => new Line(sku, OnHand)), new Line(ScarceSku, ScarceOnHand)];

    /// <summary>Some products beside each other.</summary>
    /// <param name="first">Where they begin.</param>
    /// <param name="count">How many.</param>
    public static IEnumerable<string> Skus(int first, int count) =>
        Enumerable.Range(0, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"NEMESIS-{((first % Products) + n) % Products}"));
}
