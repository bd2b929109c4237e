using OrderSample.EndToEnd.Tests.Running;
using OrderSample.Nemesis.Recording;

namespace OrderSample.Nemesis.Checking;

/// <summary>Everything that is known of an order, for whoever is to find out what went wrong with it.</summary>
internal static class Story
{
    /// <summary>Faults this long before and after an order's life are told, too.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(15);

    /// <summary>Tells it, line by line.</summary>
    public static IReadOnlyList<string> Of(Guid orderId, Facts facts)
    {
        var offered = facts.Offered.FirstOrDefault(x => x.OrderId == orderId);
        var order = facts.Orders.GetValueOrDefault(orderId);
        NotedMessage[] messages = [.. facts.Messages.Where(x => x.OrderId == orderId).OrderBy(x => x.SentAt)];
        DateTimeOffset[] moments = [.. offered?.Requests.Select(x => x.At) ?? [], .. order?.Timeline.Select(x => x.At) ?? [], .. messages.Select(x => x.SentAt)];
        return
        [
            $"--- order {orderId} ---",
            order is null ? "The order service does not know it."
                : $"{order.Status} {order.Reason}; total {order.Total}; reservation {order.Reservation ?? "unknown"}; {string.Join(", ", order.Lines.Select(x => $"{x.Quantity} {x.Sku}"))}",
            .. Section(offered is null ? "requests: none from here" : $"requests (it was to be {offered.Plan}; {offered.Outcome})", offered?.Requests.Select(x => x.ToString())),
            .. Section("timeline", order?.Timeline.Select(x => $"{x.At:HH:mm:ss.fff} {x.Event} {x.Detail}")),
            .. Section("money", order?.Payments.Select(x => $"{x.At:HH:mm:ss.fff} paid {x.Amount} ({x.PaymentId})").Concat(order.Refunds.Select(x => $"{x.At:HH:mm:ss.fff} given back {x.Amount} ({x.PaymentId})"))),
            .. Section("notifications", order?.Notices.Select(x => $"{x.Kind} {x.Reference} by {x.Channel}: {x.Status} after {x.Attempts} attempts")),
            .. Section("messages", messages.Select(x => $"{x.SentAt:HH:mm:ss.fff} {x.Kind} {x.Id}: {x.Consumers} of {x.Expected} consumers{(x.IsKept ? ", kept for a person" : "")}")),
            .. Section("left in outboxes", facts.Outboxes.Where(x => x.OrderId == orderId).Select(x => x.ToString())),
            .. Section("dead letters", facts.DeadLetters.Where(x => x.OrderId == orderId).Select(x => x.ToString())),
            .. Section("faults of its time", moments.Length == 0 ? null : Between(facts.Faults, moments.Min() - Around, moments.Max() + Around)),
        ];
    }

    private static IEnumerable<string> Between(IEnumerable<FaultLine> faults, DateTimeOffset from, DateTimeOffset to) =>
        faults.Where(x => x.Begin <= to && (x.End ?? to) >= from).Select(x => $"{x.Begin:HH:mm:ss.fff} to {x.End:HH:mm:ss.fff} {x.Number} {x.Kind} {x.Target} {x.Problem}");

    private static IEnumerable<string> Section(string name, IEnumerable<string>? lines) => [$"  {name}", .. (lines ?? []).Select(line => $"    {line.TrimEnd()}")];
}
