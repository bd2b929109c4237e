using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using OrderSample.Bench.Twin.Messaging;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Ordering.Events;

namespace OrderSample.Bench.Twin.Ordering;

/// <summary>
/// How orders are taken without messages, for comparison: the caller waits while inventory and notification do their part,
/// one after the other. Nothing holds it together: whoever dies in between leaves stock held for no order.
/// </summary>
internal static class SerialEndpoint
{
    public static void MapSerialOrders(this IEndpointRouteBuilder app, IConfiguration configuration)
    {
        var (inventory, notification) = (Client(configuration, "Inventory"), Client(configuration, "Notification"));
        app.MapPost("/serial/orders", (SubmitOrder request, NpgsqlDataSource database, CancellationToken token) =>
            SubmitAsync(request, database, inventory, notification, token));
    }

    private static HttpClient Client(IConfiguration configuration, string service) =>
        new() { BaseAddress = new Uri(configuration[$"Serial:{service}"] ?? throw new InvalidOperationException($"Serial:{service} is not configured.")) };

    private static async Task<IResult> SubmitAsync(SubmitOrder request, NpgsqlDataSource database, HttpClient inventory, HttpClient notification, CancellationToken cancellationToken)
    {
        var total = request.Lines.Sum(line => line.Quantity * line.UnitPrice);
        var stock = new ReserveStock(request.OrderId, [.. request.Lines.Select(line => new StockLine(line.Sku, line.Quantity))]);
        using (var reserved = await inventory.PostAsJsonAsync("serial/reservations", stock, cancellationToken))
            reserved.EnsureSuccessStatusCode();

        await using (var batch = database.CreateBatch())
        {
            batch.BatchCommands.Add(InboxTransaction.Sql("""INSERT INTO "Orders" VALUES ($1, $2, $3, $4, now()) ON CONFLICT DO NOTHING""",
                request.OrderId, Json(request.Customer), Json(request.Lines), total));
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        using (var notified = await notification.PostAsJsonAsync("serial/notices", new OrderReserved(request.OrderId, request.Customer, total), cancellationToken))
            notified.EnsureSuccessStatusCode();
        return Results.Accepted($"/orders/{request.OrderId}", new { request.OrderId, status = "AwaitingPayment", total });
    }

    private static NpgsqlParameter Json<T>(T value) => new() { Value = JsonSerializer.Serialize(value, ReceivedMessage.Json), NpgsqlDbType = NpgsqlDbType.Jsonb };
}
