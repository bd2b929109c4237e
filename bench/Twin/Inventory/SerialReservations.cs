using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using OrderSample.Bench.Twin.Messaging;
using OrderSample.Contracts.Inventory.Commands;

namespace OrderSample.Bench.Twin.Inventory;

/// <summary>Reserves while the caller waits, for the comparison with orders that are taken without messages.</summary>
internal static class SerialReservations
{
    public static void MapSerialReservations(this IEndpointRouteBuilder app) => app.MapPost("/serial/reservations", ReserveAsync);

    private static async Task<IResult> ReserveAsync(ReserveStock command, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        string[] skus = [.. command.Lines.Select(line => line.Sku)];
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(InboxTransaction.Sql("""SELECT 1 FROM "Products" WHERE "Sku" = ANY($1) ORDER BY "Sku" COLLATE "C" FOR UPDATE""", (object)skus));
        batch.BatchCommands.Add(InboxTransaction.Sql("""
            UPDATE "Products" SET "Reserved" = "Reserved" + quantity FROM unnest($1, $2) AS line(sku, quantity) WHERE "Sku" = sku
            """, skus, command.Lines.Select(line => line.Quantity).ToArray()));
        batch.BatchCommands.Add(InboxTransaction.Sql("""INSERT INTO "Reservations" ("OrderId", "Status", "Lines") VALUES ($1, 'Held', $2)""", command.OrderId,
            new NpgsqlParameter { Value = JsonSerializer.Serialize(command.Lines, ReceivedMessage.Json), NpgsqlDbType = NpgsqlDbType.Jsonb }));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return Results.Ok();
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.CheckViolation or PostgresErrorCodes.UniqueViolation)
        {
            // Short of stock, or reserved before.
            return Results.Conflict();
        }
    }
}
