using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.OrderService.Data;

/// <summary>The same model with a type of its own, which is how EF Core tells the migrations for PostgreSQL from others.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class PostgresOrderDbContext(DbContextOptions<PostgresOrderDbContext> options) : OrderDbContext(options)
{
    /// <inheritdoc/>
    protected override Task<List<OrderState>> LockOrderStatesAsync(Guid[] orderIds, CancellationToken cancellationToken) =>
        OrderStates
            .FromSql($"""SELECT * FROM "OrderStates" WHERE "CorrelationId" = ANY({orderIds}) ORDER BY "CorrelationId" FOR UPDATE""")
            .ToListAsync(cancellationToken);
}
