using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A setting that comes from outside of the source: configuration key <c>Parameters:{name}</c>.</summary>
public class ParameterResource : Resource, IManifestExpressionProvider, IValueProvider
{
    private readonly Lazy<string> _value;

    /// <summary>Creates the parameter.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="callback">Reads the value, once; it may fall back on <see cref="Default"/>.</param>
    /// <param name="secret">Whether the value is kept out of every display.</param>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : base(name)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Secret = secret;
        _value = new Lazy<string>(() => callback(Default));
    }

    /// <summary>Whether the value is kept out of every display.</summary>
    public bool Secret { get; }

    /// <summary>What gives the value when nothing is configured.</summary>
    public ParameterDefault? Default { get; set; }

    /// <inheritdoc/>
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The value.</summary>
    /// <exception cref="MissingParameterValueException">Nothing is configured and there is no default.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(_value.Value);
}

/// <summary>Gives a parameter its value when nothing is configured.</summary>
public abstract class ParameterDefault
{
    /// <summary>The value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>A random value.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const string SpecialLetters = "-_.{}~()*+!";

    /// <summary>The value's length in characters; at 22, as in Aspire, about 128 random bits.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether characters other than letters and digits are used.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc/>
    public override string GetDefaultValue() => RandomNumberGenerator.GetString(Special ? Letters + SpecialLetters : Letters, MinLength);
}
