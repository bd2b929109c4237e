using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using OrderSample.Backoffice.Data;
using OrderSample.InventoryService.Data;
using OrderSample.NotificationService.Data;
using OrderSample.OrderService.Data;

namespace OrderSample.Migrations;

// Writing a migration compares models and opens no connection, so none is configured.

internal sealed class PostgresOrders : IDesignTimeDbContextFactory<PostgresOrderDbContext>
{
    public PostgresOrderDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresOrderDbContext>().UseNpgsql().Options);
}

internal sealed class PostgresInventory : IDesignTimeDbContextFactory<PostgresInventoryDbContext>
{
    public PostgresInventoryDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresInventoryDbContext>().UseNpgsql().Options);
}

internal sealed class PostgresNotifications : IDesignTimeDbContextFactory<PostgresNotificationDbContext>
{
    public PostgresNotificationDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresNotificationDbContext>().UseNpgsql().Options);
}

internal sealed class PostgresBackoffice : IDesignTimeDbContextFactory<PostgresBackofficeDbContext>
{
    public PostgresBackofficeDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresBackofficeDbContext>().UseNpgsql().Options);
}

internal sealed class SqlServerOrders : IDesignTimeDbContextFactory<SqlServerOrderDbContext>
{
    public SqlServerOrderDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerOrderDbContext>().UseSqlServer().Options);
}

internal sealed class SqlServerInventory : IDesignTimeDbContextFactory<SqlServerInventoryDbContext>
{
    public SqlServerInventoryDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerInventoryDbContext>().UseSqlServer().Options);
}

internal sealed class SqlServerNotifications : IDesignTimeDbContextFactory<SqlServerNotificationDbContext>
{
    public SqlServerNotificationDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerNotificationDbContext>().UseSqlServer().Options);
}

internal sealed class SqlServerBackoffice : IDesignTimeDbContextFactory<SqlServerBackofficeDbContext>
{
    public SqlServerBackofficeDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerBackofficeDbContext>().UseSqlServer().Options);
}
