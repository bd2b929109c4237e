using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.ReadingOrders;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.OrderService.Data;

/// <summary>The same model with a type of its own, which is how EF Core tells the migrations for PostgreSQL from others.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class PostgresOrderDbContext(DbContextOptions<PostgresOrderDbContext> options) : OrderDbContext(options)
{
    // Only an index of this kind is sorted by code, whatever the database's language, and so answers LIKE 'beginning%'.
    private const string ByCode = "text_pattern_ops";

    private static readonly LockingQuery<PostgresOrderDbContext, Guid[], OrderState> LockedStates = new((context, orderIds) =>
        context.OrderStates.Where(state => orderIds.Contains(state.CorrelationId)).OrderBy(state => state.CorrelationId));

    /// <summary>Ids are sorted as they are written.</summary>
    /// <inheritdoc/>
    public override IQueryable<Order> OrdersWithIdBeginning(OrderIdPrefix prefix)
    {
        var (first, last) = (prefix.First, prefix.Last);
        return Orders.Where(order => order.OrderId.CompareTo(first) >= 0 && order.OrderId.CompareTo(last) <= 0);
    }

    /// <inheritdoc/>
    protected override Task<List<OrderState>> LockOrderStatesAsync(Guid[] orderIds, CancellationToken cancellationToken) =>
        LockedStates.ToListAsync(this, orderIds, cancellationToken);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.UsePostgresMessaging();
        var order = modelBuilder.Entity<Order>();
        order.HasSearchColumn(SearchColumns.Name, Lower("\"Customer\" ->> 'name'")).HasOperators(ByCode);
        order.HasSearchColumn(SearchColumns.Email, Lower("\"Customer\" ->> 'email'")).HasOperators(ByCode);
        var state = modelBuilder.Entity<OrderState>();
        state.HasSearchColumn(SearchColumns.Reason, Lower("\"Reason\"")).HasOperators(ByCode).HasFilter($"\"{SearchColumns.Reason}\" IS NOT NULL");
        // With its state, the last of the row's columns: see WhatChangesComesLast.
        state.Property(x => x.Timeline).HasGrowingJsonColumn().HasColumnName("TimelineNewestFirst");
        // By their full names: both providers have a method of this name.
        NpgsqlIndexBuilderExtensions.IncludeProperties(IndexOfStates(modelBuilder), state => state.Total);
    }

    private static string Lower(string text) => $"left(lower({text}), {SearchColumns.MaxLength})";
}
