using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;
using OrderSample.InventoryService.Data;
using OrderSample.NotificationService.Data;
using OrderSample.OrderService.Data;

namespace OrderSample.Services.Tests;

public sealed class Migrations_match_the_model
{
    [Fact]
    public void Orders() => AssertNothingPending(new PostgresOrderDbContext(Options<PostgresOrderDbContext>()));

    [Fact]
    public void Inventory() => AssertNothingPending(new PostgresInventoryDbContext(Options<PostgresInventoryDbContext>()));

    [Fact]
    public void Notifications() => AssertNothingPending(new PostgresNotificationDbContext(Options<PostgresNotificationDbContext>()));

    [Fact]
    public void Backoffice() => AssertNothingPending(new PostgresBackofficeDbContext(Options<PostgresBackofficeDbContext>()));

    private static DbContextOptions<T> Options<T>()
        where T : DbContext =>
        new DbContextOptionsBuilder<T>().UseNpgsql().Options;

    private static void AssertNothingPending(DbContext context)
    {
        using (context)
            Assert.False(context.Database.HasPendingModelChanges(), "Add a migration: see eng/Migrations/Migrations.csproj.");
    }
}
