using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using OrderSample.EndToEnd.Tests.Running;
using OrderSample.Nemesis.Offering;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Checking;

/// <summary>Reads what the system says of itself: over its HTTP APIs where they list it, else from its databases.</summary>
internal sealed class Ledgers(Victim victim)
{
    private const string OrderIdInBody = """(regexp_match("Body", '"orderId": ?"([0-9a-f-]{36})"'))[1]::uuid""";
    private const string SentTimeInBody = """(regexp_match("Body", '"sentTime": ?"([^"]+)"'))[1]::timestamptz""";
    private const int Looks = 4;
    private const string NameOfType = """(regexp_match("Body", '"messageType": ?\[ *"[^"]*:([^":]+)"'))[1]""";

    /// <summary>How often the broker counts.</summary>
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(5);

    /// <summary>All orders.</summary>
    public async Task<IReadOnlyDictionary<Guid, OrderFacts>> Orders(CancellationToken cancellationToken)
    {
        var statuses = await Statuses(cancellationToken);
        var payments = (await Read("orders-db", """SELECT "OrderId", "PaymentId", "Amount", "ReceivedAt" FROM "Payments" """, ReadMoney, cancellationToken)).ToLookup(x => x.OrderId, x => x.Money);
        var refunds = (await Read("orders-db", """SELECT "OrderId", "PaymentId", "Amount", "RefundedAt" FROM "Refunds" """, ReadMoney, cancellationToken)).ToLookup(x => x.OrderId, x => x.Money);
        var reservations = (await Read("inventory-db", """SELECT "OrderId", "Status" FROM "Reservations" """, row => (OrderId: row.GetGuid(0), Status: row.GetString(1)), cancellationToken))
            .ToDictionary(x => x.OrderId, x => x.Status);
        var notices = (await Read("notifications-db", """SELECT "OrderId", "Kind", "Reference", "Channel", "Status", "Attempts" FROM "Notifications" """,
            row => (OrderId: row.GetGuid(0), Notice: new Notice(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5))), cancellationToken)).ToLookup(x => x.OrderId, x => x.Notice);
        var orders = await Read("orders-db", """
            SELECT o."OrderId", s."Reason", o."Total", s."TimelineNewestFirst", o."Lines" FROM "Orders" o JOIN "OrderStates" s ON s."CorrelationId" = o."OrderId"
            """, row => (OrderId: row.GetGuid(0), Reason: Text(row, 1), Total: row.GetDecimal(2), Timeline: Parse<Happened>(row, 3), Lines: Parse<Line>(row, 4)), cancellationToken);
        return orders.Where(x => statuses.ContainsKey(x.OrderId)).ToDictionary(x => x.OrderId, x => new OrderFacts(
            x.OrderId, statuses[x.OrderId], x.Reason, x.Total, [.. x.Timeline.AsEnumerable().Reverse()], x.Lines, [.. payments[x.OrderId]], [.. refunds[x.OrderId]], reservations.GetValueOrDefault(x.OrderId), [.. notices[x.OrderId]]));
    }

    /// <summary>All products of the assortment.</summary>
    public async Task<IReadOnlyList<StockFacts>> Stock(CancellationToken cancellationToken)
    {
        using var http = victim.System.Http("inventory-service");
        var stock = new List<StockFacts>();
        foreach (var (sku, before) in Assortment.Stock)
        {
            var now = (await http.GetFromJsonAsync<JsonElement>($"/stock/{sku}", cancellationToken));
            stock.Add(new StockFacts(sku, before, now.GetProperty("onHand").GetInt32(), now.GetProperty("reserved").GetInt32()));
        }

        return stock;
    }

    /// <summary>What is left in queues and outboxes. What reconciliation has just sent, which runs all the time, is gone at the next look.</summary>
    public async Task<(IReadOnlyDictionary<string, long> Queues, IReadOnlyList<OutboxFacts> Outboxes)> Left(CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            var (queues, outboxes) = (await Queues(cancellationToken), await Outboxes(cancellationToken));
            if (look == Looks || (queues.Count == 0 && outboxes.All(x => x.IsParked)))
                return (queues, outboxes);
            await Task.Delay(CountInterval, cancellationToken);
        }
    }

    /// <summary>Queues that hold messages, by the broker's own count of a few seconds ago.</summary>
    public async Task<IReadOnlyDictionary<string, long>> Queues(CancellationToken cancellationToken)
    {
        var queues = await victim.Ask(HttpMethod.Get, "queues?columns=name,messages", null, cancellationToken);
        return queues!.Value.EnumerateArray().Select(x => (Name: x.GetProperty("name").GetString()!, Messages: x.TryGetProperty("messages", out var count) ? count.GetInt64() : 0))
            .Where(x => x.Messages > 0).ToDictionary(x => x.Name, x => x.Messages);
    }

    /// <summary>Everything in the outboxes.</summary>
    public async Task<IReadOnlyList<OutboxFacts>> Outboxes(CancellationToken cancellationToken)
    {
        var left = new List<OutboxFacts>();
        foreach (var database in SystemShape.Consumers.Select(x => SystemShape.DatabaseOf[x]))
        {
            left.AddRange(await Read(database, $"""
                SELECT "SequenceNumber", {NameOfType}, {OrderIdInBody}, "SentTime", "EnqueueTime" IS NULL, "SchedulingTokenId" IS NOT NULL, "Attempts", "LastError" FROM "OutboxMessage" ORDER BY "SequenceNumber" LIMIT 1000
                """, row => new OutboxFacts(database, row.GetInt64(0), row.GetString(1), Id(row, 2), row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(4), row.GetBoolean(5), row.GetInt32(6), Text(row, 7)), cancellationToken));
        }

        return left;
    }

    /// <summary>The dead letters that wait for a person.</summary>
    public Task<List<DeadLetterFacts>> DeadLetters(CancellationToken cancellationToken) => Read("backoffice-db", $"""
        SELECT "Id", "Cause", "Queue", "Endpoint", "MessageType", "ExceptionMessage", {InBytes(OrderIdInBody)}, {InBytes(SentTimeInBody)}, "FirstAt"
        FROM "DeadLetters" WHERE "Status" = 'Open' ORDER BY "Id"
        """, row => new DeadLetterFacts(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), Text(row, 4), Text(row, 5), Id(row, 6), row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8)), cancellationToken);

    /// <summary>Names of the mails that were sent.</summary>
    public IReadOnlyList<string> Mails()
    {
        var folder = victim.System.StateOf("notification-service").EnvironmentVariables.Single(x => x.Name == "Smtp__PickupFolder").Value!;
        return [.. Directory.EnumerateFiles(folder, "*.eml").Select(x => Path.GetFileName(x))];
    }

    /// <summary>Reads rows of a database.</summary>
    public async Task<List<T>> Read<T>(string database, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var connection = await victim.Open(database, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    private async Task<Dictionary<Guid, string>> Statuses(CancellationToken cancellationToken)
    {
        var statuses = new Dictionary<Guid, string>();
        for (Guid? after = null; ;)
        {
            var page = (await victim.System.Orders.GetFromJsonAsync<OrderPage>($"/orders?limit=200{(after is null ? "" : $"&after={after}")}", cancellationToken))!;
            foreach (var order in page.Items)
                statuses[order.OrderId] = order.Status;
            if ((after = page.Next) is null)
                return statuses;
        }
    }

    private static (Guid OrderId, Money Money) ReadMoney(NpgsqlDataReader row) =>
        (row.GetGuid(0), new Money(row.GetGuid(1), row.GetDecimal(2), row.GetFieldValue<DateTimeOffset>(3)));

    private static T[] Parse<T>(NpgsqlDataReader row, int column) => JsonSerializer.Deserialize<T[]>(row.GetString(column), JsonSerializerOptions.Web)!;

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static string InBytes(string expression) => expression.Replace("\"Body\"", "encode(\"Body\", 'escape')", StringComparison.Ordinal);

    private static Guid? Id(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    private sealed record OrderPage(OrderSummary[] Items, Guid? Next);

    private sealed record OrderSummary(Guid OrderId, string Status);
}
