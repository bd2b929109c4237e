using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering;
using OrderSample.InventoryService.Data;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.Services.Tests.Persistence;

/// <summary>
/// What is sent to SQL Server for each message and order is what somebody has read: there is not always a server to
/// try it on. How to approve a change: <see cref="ApprovedText"/>.
/// </summary>
public sealed class Statements_for_SQL_Server
{
    private static readonly Guid Id = new("11111111-1111-1111-1111-111111111111");

    [Fact]
    public void Of_outbox_and_inbox()
    {
        using var context = Contexts.Create(typeof(SqlServerOrderDbContext));
        var statements = OutboxStatements.For(context);
        var failed = statements.FailedRows([new FailedRow(7, new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc), 1, "no queue"), new FailedRow(8, null, 12, "parked")]);

        Check("Outbox.sql",
            ("A message is consumed", statements.InsertInbox),
            ("Old inbox rows go", statements.DeleteOldInbox),
            ("The sweeper takes what is due", statements.ClaimDue),
            ($"The sweeper looks at rows {statements.Keys([7, 8])}", statements.ClaimGiven),
            ("Confirmed rows go", statements.Delete),
            ($"Failed rows wait: {string.Join(", ", failed)}", statements.Defer),
            ($"Timeouts {statements.Tokens([Id])} are cancelled", statements.Cancel));
    }

    [Fact]
    public async Task Of_orders()
    {
        using var context = Contexts.Create(typeof(SqlServerOrderDbContext));
        var locks = new SqlServerLockStatementProvider();

        Check("Orders.sql",
            ("An order is stored", await StatementNotes.Of<SqlServerOrderDbContext>(PlaceOrder)),
            ("A message is stored, where one row at a time is all that the server can take", await StatementNotes.Of<SqlServerOrderDbContext>(StoreMessages, maxBatchSize: 1)),
            ("Its saga is loaded", await StatementNotes.Of<SqlServerOrderDbContext>(x =>
                x.OrderStates.FromSqlRaw(locks.GetRowLockStatement<OrderState>(x), Id).SingleOrDefaultAsync())),
            ("Sagas of messages that share a transaction are loaded", await StatementNotes.Of<SqlServerOrderDbContext>(x =>
                x.LockForAsync([new StockReserved(Id), new StockCommitted(Guid.Empty)], CancellationToken.None))));
    }

    [Fact]
    public async Task Of_stock() => Check("Stock.sql",
        ("What messages that share a transaction need is locked", await StatementNotes.Of<SqlServerInventoryDbContext>(x =>
            x.LockForAsync([new ReserveStock(Id, [new StockLine("KETTLE", 1)]), new CommitStock(Guid.Empty)], CancellationToken.None))),
        ("Products are locked", await StatementNotes.Of<SqlServerInventoryDbContext>(x => x.LockProductsAsync(["KETTLE", "BEANS-1KG", "SCALE"], CancellationToken.None))),
        ("A reservation is locked", await StatementNotes.Of<SqlServerInventoryDbContext>(x => x.LockReservationAsync(Id, CancellationToken.None))));

    [Fact]
    public async Task Of_dead_letters() => Check("DeadLetters.sql",
        ("A case is found again", await StatementNotes.Of<SqlServerBackofficeDbContext>(x => x.LockByFingerprintAsync(new byte[32], CancellationToken.None))),
        ("The open case of a copy is taken", await StatementNotes.Of<SqlServerBackofficeDbContext>(x => x.LockOpenByCopyKeyAsync(new byte[32], CancellationToken.None))),
        ("A case is taken", await StatementNotes.Of<SqlServerBackofficeDbContext>(x => x.LockAsync(1, CancellationToken.None))),
        ("Open cases of a group are taken", await StatementNotes.Of<SqlServerBackofficeDbContext>(x => x.LockOpenOfGroupAsync(Id, 0, 100, 20, CancellationToken.None))));

    private static Task PlaceOrder(SqlServerOrderDbContext context)
    {
        var customer = new Customer("Ada Lovelace", "ada@example.com", null);
        context.Add(new Order { OrderId = Id, Customer = customer, Lines = [], Total = 12.5m, SubmittedAt = DateTimeOffset.UnixEpoch });
        context.Add(new OrderState { CorrelationId = Id, Customer = customer, Lines = [] });
        return StoreMessages(context);
    }

    private static Task StoreMessages(SqlServerOrderDbContext context)
    {
        context.AddRange(Enumerable.Range(0, 2).Select(_ =>
            new OutboxMessage { MessageId = Id, ContentType = "application/json", MessageType = "urn:message", Body = "{}" }));
        return context.SaveChangesAsync();
    }

    private static void Check(string file, params (string Purpose, string Statement)[] statements) =>
        ApprovedText.Check(file, string.Concat(statements.Select(x => $"-- {x.Purpose}\n{x.Statement.ReplaceLineEndings("\n")}\n\n")).TrimEnd() + "\n");
}
