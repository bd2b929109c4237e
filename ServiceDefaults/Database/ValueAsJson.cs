using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>Stores small immutable lists inside their owner's row: one row to read, lock and write instead of many.</summary>
public static class ValueAsJson
{
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
                new ValueComparer<T>((a, b) => ReferenceEquals(a, b), value => value.GetHashCode(), value => value))
            .HasColumnType(JsonColumnType(database));
    }

    private static string JsonColumnType(DatabaseFacade database) => database.ProviderName switch
    {
        "Npgsql.EntityFrameworkCore.PostgreSQL" => "jsonb",
        "Microsoft.EntityFrameworkCore.SqlServer" => "nvarchar(max)",
        _ => throw new NotSupportedException($"No JSON column type is known for {database.ProviderName}."),
    };
}
