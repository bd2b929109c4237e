using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;
using OrderSample.InventoryService.Data;
using OrderSample.NotificationService.Data;
using OrderSample.OrderService.Data;

namespace OrderSample.Services.Tests.Persistence;

/// <summary>Every service's context for each database, without a server behind it.</summary>
internal static class Contexts
{
    private static readonly Type[] Postgres =
        [typeof(PostgresOrderDbContext), typeof(PostgresInventoryDbContext), typeof(PostgresNotificationDbContext), typeof(PostgresBackofficeDbContext)];

    private static readonly Type[] SqlServer =
        [typeof(SqlServerOrderDbContext), typeof(SqlServerInventoryDbContext), typeof(SqlServerNotificationDbContext), typeof(SqlServerBackofficeDbContext)];

    public static TheoryData<Type> All => [.. Postgres, .. SqlServer];

    public static TheoryData<Type> OnSqlServer => [.. SqlServer];

    public static DbContext Create(Type type)
    {
        var options = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(type))!;
        if (type.Name.StartsWith("SqlServer", StringComparison.Ordinal))
            options.UseSqlServer();
        else
            options.UseNpgsql();
        return (DbContext)Activator.CreateInstance(type, options.Options)!;
    }
}
