using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using OrderSample.InventoryService.Data;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.Services.Tests.Persistence;

public sealed class SQL_Server_stores
{
    /// <summary>JSON, messages as they are sent, and what else nobody can say the length of. A stack trace is longer than a column with a length can be.</summary>
    private static readonly string[] Unbounded =
    [
        "Body", "Headers", "Properties", "MessageType", "Customer", "Lines", "Shortages", "Refunds", "Timeline", "Unjudged", "Xml", "StackTrace",
    ];

    public static TheoryData<Type> OnSqlServer => Contexts.OnSqlServer;

    [Theory]
    [MemberData(nameof(OnSqlServer))]
    public void Rows_in_an_order_that_does_not_scatter_new_ones(Type context) => Assert.All(Entities(context), entity =>
    {
        var clustered = entity.GetIndexes().SingleOrDefault(index => index.IsClustered() == true)?.Properties
            ?? entity.GetKeys().SingleOrDefault(key => key.IsClustered() ?? key.IsPrimaryKey())?.Properties;
        Assert.True(clustered is not null, $"The rows of {entity.DisplayName()} are a heap.");
        Assert.False(clustered[0].ClrType == typeof(Guid), $"{entity.DisplayName()} is clustered by the random {clustered[0].Name}.");
    });

    [Theory]
    [MemberData(nameof(OnSqlServer))]
    public void Text_with_its_length_where_one_is_known(Type context) => Assert.All(Columns(context), column =>
        Assert.True(!column.Type.EndsWith("(max)", StringComparison.Ordinal) || Unbounded.Contains(column.Name), $"{column.Table}.{column.Name} is {column.Type}."));

    [Theory]
    [MemberData(nameof(OnSqlServer))]
    public void Times_exactly_and_row_versions_as_such(Type context) => Assert.All(Columns(context), column =>
    {
        Assert.NotEqual("datetime", column.Type);
        Assert.Equal(column.Name == "RowVersion", column.Type == "rowversion");
    });

    [Theory]
    [InlineData(typeof(SqlServerOrderDbContext), typeof(OrderState))]
    [InlineData(typeof(SqlServerInventoryDbContext), typeof(Product))]
    [InlineData(typeof(SqlServerInventoryDbContext), typeof(Reservation))]
    public void The_version_of_a_row_that_is_changed_after_it_was_read_under_a_lock(Type context, Type entity) =>
        Assert.True(Entities(context).Single(x => x.ClrType == entity).FindProperty("RowVersion")?.IsConcurrencyToken, $"Somebody else's change of a {entity.Name} could be overwritten.");

    private static IEnumerable<IEntityType> Entities(Type context)
    {
        using var database = Contexts.Create(context);
        return database.GetService<IDesignTimeModel>().Model.GetEntityTypes();
    }

    private static IEnumerable<(string Table, string Name, string Type)> Columns(Type context)
    {
        using var database = Contexts.Create(context);
        return [.. database.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables
            .SelectMany(table => table.Columns.Select(column => (table.Name, column.Name, column.StoreType)))];
    }
}
