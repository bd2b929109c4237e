using Microsoft.EntityFrameworkCore;

namespace OrderSample.OrderService.Data;

/// <summary>The same model with a type of its own, which is how EF Core tells the migrations for PostgreSQL from others.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class PostgresOrderDbContext(DbContextOptions<PostgresOrderDbContext> options) : OrderDbContext(options);
