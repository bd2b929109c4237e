namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>
/// Completed orders in all three ledgers, a millisecond apart, by the million. The parameters are the first number, the last
/// one, and when the first one was placed.
/// </summary>
internal static class OldOrders
{
    private const string Id = "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";
    private const string At = "$3 + (n - $1) * interval '1 millisecond'";
    private const string Rows = "FROM generate_series($1, $2) AS n";

    public static IReadOnlyList<(string Database, string Sql)> Inserts { get; } =
    [
        ("orders-db", $$"""
            INSERT INTO "OrderStates" ("CorrelationId", "CurrentState", "Customer", "Lines", "Total", "CancelAtOnce", "Resends", "Refunds", "SubmittedAt", "UpdatedAt", "InStateSince", "TimelineNewestFirst")
            SELECT {{Id}}, 'Completed', '{"name":"Ada","email":"ada@example.com"}', '[{"sku":"KETTLE","quantity":1}]', 1, false, 0, '[]', {{At}}, {{At}}, {{At}}, '[]' {{Rows}}
            """),
        ("inventory-db", $$"""
            INSERT INTO "Reservations" ("OrderId", "Status", "Lines", "Shortages", "CreatedAt", "UpdatedAt")
            SELECT {{Id}}, 'Committed', '[{"sku":"KETTLE","quantity":1}]', '[]', {{At}}, {{At}} {{Rows}}
            """),
        ("notifications-db", $$"""
            INSERT INTO "Notifications" ("OrderId", "Kind", "Reference", "Channel", "Status", "Attempts", "SentAt", "CreatedAt")
            SELECT {{Id}}, 'OrderCompleted', '', channel, 'Sent', 1, {{At}}, {{At}} {{Rows}}, (VALUES ('Email'), ('Sms')) AS channels(channel)
            """),
    ];

    /// <summary>The same orders in the order ledger, with their payments. Reconciliation does not look at these rows.</summary>
    public static IReadOnlyList<(string Database, string Sql)> Ledger { get; } =
    [
        ("orders-db", $$"""
            INSERT INTO "Orders" ("OrderId", "Customer", "Lines", "Total", "SubmittedAt")
            SELECT {{Id}}, '{"name":"Ada","email":"ada@example.com"}', '[{"sku":"KETTLE","quantity":1,"unitPrice":1}]', 1, {{At}} {{Rows}}
            """),
        ("orders-db", $$"""
            INSERT INTO "Payments" ("PaymentId", "OrderId", "Amount", "ReceivedAt") SELECT {{Id}}, {{Id}}, 1, {{At}} {{Rows}}
            """),
    ];
}
