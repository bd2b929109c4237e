using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Properties that are kept as JSON.</summary>
public static class ValueConversionExtensions
{
    /// <summary>Keeps the property in a text column, as JSON; changes inside of its value are noticed.</summary>
    /// <typeparam name="T">The property's type.</typeparam>
    /// <param name="builder">The property.</param>
    public static PropertyBuilder<T> HasJsonConversion<T>(this PropertyBuilder<T> builder)
        where T : class?
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.HasConversion(new JsonValueConverter<T>(), new JsonValueComparer<T>());
    }
}
