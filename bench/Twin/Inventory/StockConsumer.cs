using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using OrderSample.Bench.Twin.Messaging;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;

namespace OrderSample.Bench.Twin.Inventory;

/// <summary>Holds, takes and releases stock: all lines of an order or none, products locked in the order of their SKUs.</summary>
internal sealed class StockConsumer(NpgsqlDataSource database, Outbox outbox)
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS "Products" ("Sku" text PRIMARY KEY, "Name" text NOT NULL, "OnHand" int NOT NULL, "Reserved" int NOT NULL CHECK ("Reserved" >= 0), CHECK ("OnHand" >= "Reserved"));
        CREATE TABLE IF NOT EXISTS "Reservations" ("OrderId" uuid PRIMARY KEY, "Status" text NOT NULL, "Lines" jsonb NOT NULL,
            "CreatedAt" timestamptz NOT NULL DEFAULT now(), "UpdatedAt" timestamptz NOT NULL DEFAULT now());
        CREATE INDEX IF NOT EXISTS "IX_Reservations_UpdatedAt" ON "Reservations" ("UpdatedAt", "OrderId");
        """;

    public static async Task Start(IServiceProvider services)
    {
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await using (var create = database.CreateCommand(Outbox.Schema + Schema))
            await create.ExecuteNonQueryAsync();
        var broker = services.GetRequiredService<Broker>();
        await broker.DeclareEvents(typeof(StockReserved), typeof(StockShort), typeof(StockCommitted), typeof(StockReleased));
        var consumer = new StockConsumer(database, services.GetRequiredService<Outbox>());
        await broker.Consume(InventoryAddresses.ReservationsQueue, prefetch: 64, atOnce: 8, [], consumer.Handle, services.GetRequiredService<ILogger<StockConsumer>>());
    }

    private Task Handle(ReceivedMessage message) => message.Type switch
    {
        nameof(ReserveStock) => Reserve(message, message.Read<ReserveStock>()),
        nameof(CommitStock) => End(message, message.Read<CommitStock>().OrderId, "Committed"),
        nameof(ReleaseStock) => End(message, message.Read<ReleaseStock>().OrderId, "Released"),
        _ => throw new InvalidOperationException($"{message.Type} is not for this queue."),
    };

    private async Task Reserve(ReceivedMessage message, ReserveStock command)
    {
        await using var transaction = await Begin(message, LockReservation(command.OrderId), InboxTransaction.Sql(
            """SELECT "Sku", "OnHand" - "Reserved" FROM "Products" WHERE "Sku" = ANY($1) ORDER BY "Sku" COLLATE "C" FOR UPDATE""", (object)command.Lines.Select(line => line.Sku).ToArray()));
        if (transaction.IsNew)
        {
            var known = (await transaction.Read(row => row.GetString(0))).SingleOrDefault();
            var available = (await transaction.Read(row => (Sku: row.GetString(0), Pieces: row.GetInt32(1)))).ToDictionary(x => x.Sku, x => x.Pieces);
            Shortage[] shortages = [.. command.Lines.Where(line => available.GetValueOrDefault(line.Sku) < line.Quantity)
                .Select(line => new Shortage(line.Sku, line.Quantity, available.GetValueOrDefault(line.Sku)))];
            var status = known ?? (shortages.Length == 0 ? "Held" : "Refused");
            if (known is null)
            {
                if (status == "Held")
                    Move(transaction, command.Lines, reserved: 1, onHand: 0);
                transaction.Write("""INSERT INTO "Reservations" ("OrderId", "Status", "Lines") VALUES ($1, $2, $3)""", command.OrderId, status,
                    new NpgsqlParameter { Value = JsonSerializer.Serialize(command.Lines, ReceivedMessage.Json), NpgsqlDbType = NpgsqlDbType.Jsonb });
            }

            transaction.Send(status switch
            {
                "Held" or "Committed" => StoredMessage.Event(new StockReserved(command.OrderId)),
                "Refused" => StoredMessage.Event(new StockShort(command.OrderId, shortages)),
                _ => StoredMessage.Event(new StockReleased(command.OrderId)),
            });
        }

        await transaction.Commit(outbox);
    }

    /// <summary>Takes what is held out of the warehouse, or gives it back. A release that comes first keeps a later reservation from holding anything.</summary>
    private async Task End(ReceivedMessage message, Guid orderId, string status)
    {
        await using var transaction = await Begin(message, LockReservation(orderId), InboxTransaction.Sql("""
            SELECT p."Sku", (line->>'quantity')::int FROM "Reservations" r CROSS JOIN jsonb_array_elements(r."Lines") AS line
                JOIN "Products" p ON p."Sku" = line->>'sku'
            WHERE r."OrderId" = $1 ORDER BY p."Sku" COLLATE "C" FOR UPDATE OF p
            """, orderId));
        if (transaction.IsNew)
        {
            var known = (await transaction.Read(row => row.GetString(0))).SingleOrDefault();
            var lines = await transaction.Read(row => new StockLine(row.GetString(0), row.GetInt32(1)));
            var released = status == "Released";
            if (known == "Held" || (known == "Committed" && released))
            {
                Move(transaction, lines, reserved: known == "Held" ? -1 : 0, onHand: released == (known == "Held") ? 0 : released ? 1 : -1);
                transaction.Write("""UPDATE "Reservations" SET "Status" = $2, "UpdatedAt" = now() WHERE "OrderId" = $1""", orderId, status);
            }
            else if (known is null && released)
            {
                transaction.Write("""INSERT INTO "Reservations" ("OrderId", "Status", "Lines") VALUES ($1, 'Released', '[]')""", orderId);
            }

            if (released)
                transaction.Send(StoredMessage.Event(new StockReleased(orderId)));
            else if (known is "Held" or "Committed")
                transaction.Send(StoredMessage.Event(new StockCommitted(orderId)));
        }

        await transaction.Commit(outbox);
    }

    private Task<InboxTransaction> Begin(ReceivedMessage message, params NpgsqlBatchCommand[] reads) =>
        InboxTransaction.Begin(database, message, InventoryAddresses.ReservationsQueue, reads);

    private static NpgsqlBatchCommand LockReservation(Guid orderId) =>
        InboxTransaction.Sql("""SELECT "Status" FROM "Reservations" WHERE "OrderId" = $1 FOR UPDATE""", orderId);

    private static void Move(InboxTransaction transaction, IReadOnlyList<StockLine> lines, int reserved, int onHand) =>
        transaction.Write("""
            UPDATE "Products" SET "Reserved" = "Reserved" + $3 * quantity, "OnHand" = "OnHand" + $4 * quantity
            FROM unnest($1, $2) AS line(sku, quantity) WHERE "Sku" = sku
            """, lines.Select(line => line.Sku).ToArray(), lines.Select(line => line.Quantity).ToArray(), reserved, onHand);
}
