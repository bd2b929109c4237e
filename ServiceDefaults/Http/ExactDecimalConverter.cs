using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSample.ServiceDefaults.Http;

/// <summary>
/// Reads a number only if a decimal holds it exactly. The framework rounds what has more digits, so that a rule such as "at most two
/// decimals" would look at another number than the caller wrote: 14.900000000000000000000000000001 at 14.90, 1e-400 at 0.
/// </summary>
internal sealed class ExactDecimalConverter : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // The serializer adds where in the document it is.
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var value))
            throw new JsonException();
        var written = Encoding.ASCII.GetString(reader.HasValueSequence ? System.Buffers.BuffersExtensions.ToArray(reader.ValueSequence) : reader.ValueSpan);
        return Parts(written) == Parts(value.ToString(CultureInfo.InvariantCulture)) ? value : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    /// <summary>A number's digits without zeros around them, and the power of ten of the last one: the same for 1.50, 15e-1 and 1.5.</summary>
    private static (string Digits, long Exponent) Parts(string number)
    {
        var e = number.IndexOfAny(['e', 'E']);
        var mantissa = (e < 0 ? number : number[..e]).TrimStart('-');
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var significant = digits.Trim('0');
        if (significant.Length == 0)
            return ("", 0);
        var exponent = e < 0 ? 0 : long.TryParse(number.AsSpan(e + 1), CultureInfo.InvariantCulture, out var written) ? written : throw new JsonException();
        return (significant, exponent - (point < 0 ? 0 : mantissa.Length - point - 1) + (digits.Length - digits.TrimEnd('0').Length));
    }
}
