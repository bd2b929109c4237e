using System.Text.Json;
using Npgsql;
using OrderSample.Bench.Twin.Messaging;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Ordering;

namespace OrderSample.Bench.Twin.Ordering;

/// <summary>How far an order has got: the saga's row.</summary>
internal sealed record OrderRow(string State, Customer Customer, IReadOnlyList<StockLine> Lines, decimal Total, Guid? PaymentId, Guid? TimeoutId)
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS "Orders" ("OrderId" uuid PRIMARY KEY, "Customer" jsonb NOT NULL, "Lines" jsonb NOT NULL, "Total" numeric(14,2) NOT NULL, "SubmittedAt" timestamptz NOT NULL);
        CREATE TABLE IF NOT EXISTS "Payments" ("PaymentId" uuid PRIMARY KEY, "OrderId" uuid NOT NULL REFERENCES "Orders", "Amount" numeric(14,2) NOT NULL, "ReceivedAt" timestamptz NOT NULL DEFAULT now());
        CREATE INDEX IF NOT EXISTS "IX_Payments_OrderId" ON "Payments" ("OrderId");
        CREATE INDEX IF NOT EXISTS "IX_Payments_ReceivedAt" ON "Payments" ("ReceivedAt");
        CREATE TABLE IF NOT EXISTS "OrderStates" ("OrderId" uuid PRIMARY KEY, "CurrentState" text NOT NULL, "Customer" jsonb NOT NULL, "Lines" jsonb NOT NULL, "Total" numeric(14,2) NOT NULL,
            "PaymentId" uuid, "TimeoutId" uuid, "SubmittedAt" timestamptz NOT NULL, "UpdatedAt" timestamptz NOT NULL, "Timeline" jsonb NOT NULL DEFAULT '[]');
        CREATE INDEX IF NOT EXISTS "IX_OrderStates_SubmittedAt" ON "OrderStates" ("SubmittedAt", "OrderId");
        CREATE INDEX IF NOT EXISTS "IX_OrderStates_UpdatedAt" ON "OrderStates" ("UpdatedAt", "OrderId");
        CREATE INDEX IF NOT EXISTS "IX_OrderStates_CurrentState" ON "OrderStates" ("CurrentState", "SubmittedAt", "OrderId");
        """;

    public static NpgsqlBatchCommand Lock(Guid orderId) => InboxTransaction.Sql(
        """SELECT "CurrentState", "Customer", "Lines", "Total", "PaymentId", "TimeoutId" FROM "OrderStates" WHERE "OrderId" = $1 FOR UPDATE""", orderId);

    public static OrderRow Of(NpgsqlDataReader row) => new(
        row.GetString(0), Json<Customer>(row.GetString(1)), Json<StockLine[]>(row.GetString(2)), row.GetDecimal(3),
        row.IsDBNull(4) ? null : row.GetGuid(4), row.IsDBNull(5) ? null : row.GetGuid(5));

    private static T Json<T>(string text) => JsonSerializer.Deserialize<T>(text, ReceivedMessage.Json)!;
}
