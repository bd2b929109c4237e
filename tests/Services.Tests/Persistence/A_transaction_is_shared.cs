using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.OrderService.Data;

namespace OrderSample.Services.Tests.Persistence;

/// <summary>The scopes of its messages have one DbContext, which comes from a pool. Nothing is stored here.</summary>
public sealed class A_transaction_is_shared
{
    private readonly ServiceProvider _services;

    public A_transaction_is_shared()
    {
        var services = new ServiceCollection();
        services.AddDbContextPool<OrderDbContext, PostgresOrderDbContext>(options => options.UseNpgsql("Host=127.0.0.1;Port=1"));
        SharedDbContext<OrderDbContext>.Register(services);
        _services = services.BuildServiceProvider();
    }

    [Fact]
    public void While_one_of_its_scopes_has_not_ended_nobody_else_is_given_the_DbContext()
    {
        var (lent, first, second) = Share();
        lent.Return();
        first.Dispose();

        using var other = _services.CreateScope();

        Assert.NotSame(lent.Context, other.ServiceProvider.GetRequiredService<OrderDbContext>());
        Assert.Empty(second.ServiceProvider.GetRequiredService<OrderDbContext>().ChangeTracker.Entries());
    }

    [Fact]
    public void When_the_last_of_its_scopes_has_ended_the_DbContext_is_used_again()
    {
        var (lent, first, second) = Share();
        var shared = lent.Context;
        lent.Return();
        first.Dispose();
        second.Dispose();

        using var other = _services.CreateScope();

        Assert.Same(shared, other.ServiceProvider.GetRequiredService<OrderDbContext>());
        Assert.True(shared.ChangeTracker.AutoDetectChangesEnabled);
    }

    private (LentDbContext<OrderDbContext> Lent, IServiceScope First, IServiceScope Second) Share()
    {
        var lent = new LentDbContext<OrderDbContext>(_services.CreateScope());
        lent.Context.ChangeTracker.AutoDetectChangesEnabled = false;
        return (lent, Join(), Join());

        IServiceScope Join()
        {
            var scope = _services.CreateScope();
            scope.ServiceProvider.GetRequiredService<SharedDbContext<OrderDbContext>>().Borrow(lent);
            Assert.Same(lent.Context, scope.ServiceProvider.GetRequiredService<OrderDbContext>());
            return scope;
        }
    }
}
