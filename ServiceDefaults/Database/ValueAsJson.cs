using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>Stores small immutable lists inside their owner's row: one row to read, lock and write instead of many.</summary>
public static class ValueAsJson
{
    private static readonly JsonSerializerOptions WithoutNulls = new(JsonSerializerOptions.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>
    /// Maps a property to a JSON column. The value must be immutable: it counts as changed only when it is replaced by
    /// another instance, which spares comparing its content on every save.
    /// </summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="property">The property.</param>
    /// <param name="database">The context's database, which decides the column's type.</param>
    public static PropertyBuilder<T> HasJsonColumn<T>(this PropertyBuilder<T> property, DatabaseFacade database)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(property);
        ArgumentNullException.ThrowIfNull(database);
        return property
            .HasConversion(
                value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web),
                json => JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web)!,
                Replaced<T>())
            .HasColumnType(JsonColumnType(database));
    }

    /// <summary>
    /// Maps a list that only grows at its end to a JSON column of PostgreSQL, the last value first, as the text that it is. Of an update, PostgreSQL's
    /// write-ahead log leaves out what the row's old and new version have in common at their beginning and at their end, where both are on one page.
    /// So where this is the last column, the log has what was added, and not the whole list.
    /// </summary>
    /// <typeparam name="T">Type of the values.</typeparam>
    /// <param name="property">The property; its value must be immutable, as above.</param>
    public static PropertyBuilder<IReadOnlyList<T>> HasGrowingJsonColumn<T>(this PropertyBuilder<IReadOnlyList<T>> property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return property
            .HasConversion(
                values => JsonSerializer.Serialize(values.Reverse(), WithoutNulls),
                json => Reversed(JsonSerializer.Deserialize<T[]>(json, WithoutNulls)!),
                Replaced<IReadOnlyList<T>>())
            .HasColumnType("json");
    }

    private static ValueComparer<T> Replaced<T>()
        where T : class =>
        new((a, b) => ReferenceEquals(a, b), value => value.GetHashCode(), value => value);

    private static T[] Reversed<T>(T[] values)
    {
        Array.Reverse(values);
        return values;
    }

    private static string JsonColumnType(DatabaseFacade database) => database.ProviderName switch
    {
        "Npgsql.EntityFrameworkCore.PostgreSQL" => "jsonb",
        "Microsoft.EntityFrameworkCore.SqlServer" => "nvarchar(max)",
        _ => throw new NotSupportedException($"No JSON column type is known for {database.ProviderName}."),
    };
}
