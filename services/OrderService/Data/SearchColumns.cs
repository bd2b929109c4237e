using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OrderSample.OrderService.Data;

/// <summary>What orders are searched by, in lower case. The database computes it from what is stored; the program only compares it.</summary>
internal static class SearchColumns
{
    public const string Name = "SearchName";
    public const string Email = "SearchEmail";
    public const string Reason = "SearchReason";

    /// <summary>The id as text: only where ids are not sorted as they are written.</summary>
    public const string Id = "SearchId";

    /// <summary>Longest value kept, in characters; no search is longer.</summary>
    public const int MaxLength = 100;

    /// <summary>Adds a column and its index.</summary>
    /// <returns>The index.</returns>
    public static IndexBuilder<T> HasSearchColumn<T>(this EntityTypeBuilder<T> entity, string name, string sql)
        where T : class
    {
        var property = entity.Property<string?>(name).HasMaxLength(MaxLength).HasComputedColumnSql(sql, stored: true).ValueGeneratedNever().Metadata;
        property.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        property.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        return entity.HasIndex([name], $"IX_{entity.Metadata.GetTableName()}_{name}");
    }
}
