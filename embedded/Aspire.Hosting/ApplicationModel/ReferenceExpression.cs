using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value known only when the application starts.</summary>
public interface IValueProvider
{
    /// <summary>The value in this run.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Names a value without resolving it.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The value's name in braces, for example {postgres-password.value}.</summary>
    string ValueExpression { get; }
}

/// <summary>A string put together from text and values known only when the application starts.</summary>
public class ReferenceExpression : IManifestExpressionProvider, IValueProvider
{
    /// <summary>The empty string.</summary>
    public static readonly ReferenceExpression Empty = new("", [], []);

    private ReferenceExpression(string format, IReadOnlyList<IValueProvider> valueProviders, IReadOnlyList<string?> stringFormats)
    {
        Format = format;
        ValueProviders = valueProviders;
        StringFormats = stringFormats;
    }

    /// <summary>The text, with {0}, {1} … where the values go.</summary>
    public string Format { get; }

    /// <summary>The values.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <summary>How each value is written; "uri" escapes it, null takes it as it is.</summary>
    public IReadOnlyList<string?> StringFormats { get; }

    /// <inheritdoc/>
    public string ValueExpression => string.Format(CultureInfo.InvariantCulture, Format,
        [.. ValueProviders.Select(p => (object?)(p as IManifestExpressionProvider)?.ValueExpression)]);

    /// <summary>Takes an interpolated string apart into text and values.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.GetExpression();

    /// <summary>The string in this run; null if one of its values is null.</summary>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var values = new object[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (await ValueProviders[i].GetValueAsync(cancellationToken).ConfigureAwait(false) is not { } value)
            {
                return null;
            }

            values[i] = FormatValue(value, StringFormats[i]);
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    internal static ReferenceExpression Create(string format, IReadOnlyList<IValueProvider> providers, IReadOnlyList<string?> formats) => new(format, providers, formats);

    internal static string FormatValue(string value, string? format) => format switch
    {
        null or "" => value,
        "uri" => Uri.EscapeDataString(value),
        _ => throw new FormatException($"The format '{format}' is not known; use 'uri' or none."),
    };

    /// <summary>Receives the parts of the interpolated string.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly ReferenceExpressionBuilder _builder = new(literalLength, formattedCount);

        /// <summary>Adds text.</summary>
        public readonly void AppendLiteral(string value) => _builder.AppendLiteral(value);

        /// <summary>Adds text.</summary>
        public readonly void AppendFormatted(string? value) => _builder.AppendFormatted(value);

        /// <summary>Adds text, written in a format.</summary>
        public readonly void AppendFormatted(string? value, string? format = null) => _builder.AppendFormatted(value, format);

        /// <summary>Adds a value.</summary>
        public readonly void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider);

        /// <summary>Adds a value, written in a format.</summary>
        public readonly void AppendFormatted<T>(T valueProvider, string? format = null) where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider, format);

        /// <summary>Adds a resource's value.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider) where T : IResource, IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider.Resource);

        /// <summary>Adds a resource's value, written in a format.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null) where T : IResource, IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider.Resource, format);

        internal readonly ReferenceExpression GetExpression() => _builder.Build();
    }
}

/// <summary>Puts a <see cref="ReferenceExpression"/> together piece by piece.</summary>
public class ReferenceExpressionBuilder
{
    private readonly StringBuilder _format;
    private readonly List<IValueProvider> _providers;
    private readonly List<string?> _formats;

    /// <summary>Starts with the empty string.</summary>
    public ReferenceExpressionBuilder() : this(32, 2) { }

    internal ReferenceExpressionBuilder(int literalLength, int formattedCount)
    {
        _format = new StringBuilder(literalLength + (formattedCount * 4));
        _providers = new List<IValueProvider>(formattedCount);
        _formats = new List<string?>(formattedCount);
    }

    /// <summary>Whether nothing was added yet.</summary>
    public bool IsEmpty => _format.Length == 0;

    /// <summary>Adds text.</summary>
    public void AppendLiteral(string value) => _format.Append(value?.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    /// <summary>Adds text.</summary>
    public void AppendFormatted(string? value) => AppendLiteral(value ?? "");

    /// <summary>Adds text, written in a format.</summary>
    public void AppendFormatted(string? value, string? format) => AppendLiteral(ReferenceExpression.FormatValue(value ?? "", format));

    /// <summary>Adds a value.</summary>
    public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, null);

    /// <summary>Adds a value, written in a format.</summary>
    public void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider
    {
        _format.Append(CultureInfo.InvariantCulture, $"{{{_providers.Count}}}");
        _providers.Add(valueProvider);
        _formats.Add(format);
    }

    /// <summary>Adds the text and values of another expression.</summary>
    public void Append(in ReferenceExpression.ExpressionInterpolatedStringHandler handler) => AppendFormatted(handler.GetExpression());

    /// <summary>The expression.</summary>
    public ReferenceExpression Build() => ReferenceExpression.Create(_format.ToString(), [.. _providers], [.. _formats]);
}
