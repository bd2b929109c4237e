using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using OrderSample.Bench.Twin.Messaging;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;

namespace OrderSample.Bench.Twin.Ordering;

internal sealed record SubmitOrder(Guid OrderId, Customer Customer, OrderLine[] Lines);

internal sealed record PayOrder(Guid PaymentId, decimal Amount);

/// <summary>Takes orders and payments: one commit each, with the message that each causes.</summary>
internal static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/orders").AddEndpointFilter(TellTransientFailures);
        orders.MapPost("", SubmitAsync);
        orders.MapPost("/{id}/payments", PayAsync);
    }

    /// <summary>As the real service: what may pass is worth another attempt, and the ids make that safe.</summary>
    private static async ValueTask<object?> TellTransientFailures(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (NpgsqlException exception) when (exception.IsTransient)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> SubmitAsync(SubmitOrder request, NpgsqlDataSource database, Outbox outbox, CancellationToken cancellationToken)
    {
        if (request is not { Customer: { Name.Length: > 0, Email.Length: > 0 }, Lines.Length: > 0 })
            return Results.BadRequest();

        var (id, now) = (request.OrderId, DateTimeOffset.UtcNow);
        var total = request.Lines.Sum(line => line.Quantity * line.UnitPrice);
        var message = StoredMessage.Event(new OrderSubmitted(id, request.Customer, request.Lines, total, now));
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(InboxTransaction.Sql("""INSERT INTO "Orders" VALUES ($1, $2, $3, $4, $5)""", id, Json(request.Customer), Json(request.Lines), total, now));
        batch.BatchCommands.Add(InboxTransaction.Sql("""
            INSERT INTO "OrderStates" ("OrderId", "CurrentState", "Customer", "Lines", "Total", "SubmittedAt", "UpdatedAt") VALUES ($1, 'Initial', $2, $3, $4, $5, $5)
            """, id, Json(request.Customer), Json(request.Lines.Select(line => new StockLine(line.Sku, line.Quantity))), total, now));
        batch.BatchCommands.Add(Outbox.Insert(message));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            outbox.Committed([message]);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            if (!await IsTrue(database, """SELECT "Customer" = $2 AND "Lines" = $3 FROM "Orders" WHERE "OrderId" = $1""", id, Json(request.Customer), Json(request.Lines)))
                return Results.Conflict();
        }

        return Results.Accepted($"/orders/{id}", new { orderId = id, status = "Submitted", total });
    }

    private static async Task<IResult> PayAsync(Guid id, PayOrder request, NpgsqlDataSource database, Outbox outbox, CancellationToken cancellationToken)
    {
        var message = StoredMessage.Event(new PaymentReceived(id, request.PaymentId, request.Amount, DateTimeOffset.UtcNow));
        var insert = InboxTransaction.Sql("""
            INSERT INTO "Payments" ("PaymentId", "OrderId", "Amount") SELECT $1, $2, $3 FROM "Orders" WHERE "OrderId" = $2 AND "Total" = $3
            """, request.PaymentId, id, request.Amount);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { insert, Outbox.Insert(message) } };
            await batch.ExecuteNonQueryAsync(cancellationToken);
            if (insert.RecordsAffected == 0)
                return await IsTrue(database, """SELECT count(*) = 1 FROM "Orders" WHERE "OrderId" = $1""", id) ? Results.UnprocessableEntity() : Results.NotFound();
            await transaction.CommitAsync(cancellationToken);
            outbox.Committed([message]);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            if (!await IsTrue(database, """SELECT "OrderId" = $2 AND "Amount" = $3 FROM "Payments" WHERE "PaymentId" = $1""", request.PaymentId, id, request.Amount))
                return Results.Conflict();
        }

        return Results.Accepted($"/orders/{id}", new { orderId = id, request.PaymentId, request.Amount });
    }

    private static NpgsqlParameter Json<T>(T value) => new() { Value = JsonSerializer.Serialize(value, ReceivedMessage.Json), NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static async Task<bool> IsTrue(NpgsqlDataSource database, string question, params object[] parameters)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(InboxTransaction.Sql(question, parameters));
        return await batch.ExecuteScalarAsync() is true;
    }
}
