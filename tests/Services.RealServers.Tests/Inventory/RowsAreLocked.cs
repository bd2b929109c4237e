using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.InventoryService.Data;

namespace OrderSample.Services.RealServers.Tests.Inventory;

/// <summary>What is read to be changed is read by one message at a time, whatever it is read for.</summary>
[Collection(ServersCollection.Name)]
public sealed class RowsAreLocked(TestServers servers)
{
    private const string Sku = "KETTLE";
    private static readonly Guid Id = Guid.NewGuid();
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(1);

    [Theory, OnPostgres, OnSqlServer]
    public Task A_product(DatabaseServer on) => OnlyOneHas(on, (x, token) => x.LockProductsAsync([Sku], token));

    [Theory, OnPostgres, OnSqlServer]
    public Task A_reservation(DatabaseServer on) => OnlyOneHas(on, (x, token) => x.LockReservationAsync(Id, token));

    [Theory, OnPostgres, OnSqlServer]
    public Task Those_of_messages_that_share_a_transaction(DatabaseServer on) =>
        OnlyOneHas(on, (x, token) => x.LockForAsync([new ReserveStock(Id, [new StockLine(Sku, 1)])], token));

    [Fact]
    public async Task Not_without_a_transaction_which_is_said()
    {
        await using var inventory = await RealInventory.Start(await servers.NewPlace());
        await Assert.ThrowsAsync<InvalidOperationException>(() => inventory.Query(x => x.LockProductsAsync([Sku], CancellationToken.None)));
    }

    private async Task OnlyOneHas(DatabaseServer on, Func<InventoryDbContext, CancellationToken, Task> locking)
    {
        await using var inventory = await RealInventory.Start(await servers.NewPlace(on));
        await inventory.Query(x =>
        {
            x.Products.Add(new Product { Sku = Sku, Name = "Gooseneck kettle", OnHand = 5 });
            var now = DateTimeOffset.UtcNow;
            x.Reservations.Add(new Reservation { OrderId = Id, Status = ReservationStatus.Held, Lines = [new StockLine(Sku, 1)], CreatedAt = now, UpdatedAt = now });
            return x.SaveChangesAsync();
        });

        await inventory.Query(async first =>
        {
            await using var transaction = await first.Database.BeginTransactionAsync();
            await locking(first, CancellationToken.None);
            using var patience = new CancellationTokenSource(LongEnough);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Lock(patience.Token));
            await transaction.CommitAsync();
            return true;
        });

        await Lock(CancellationToken.None);

        Task<bool> Lock(CancellationToken cancellationToken) => inventory.Query(async x =>
        {
            await using var transaction = await x.Database.BeginTransactionAsync(CancellationToken.None);
            await locking(x, cancellationToken);
            return true;
        });
    }
}
