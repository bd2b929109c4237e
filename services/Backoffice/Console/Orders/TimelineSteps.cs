using System.Globalization;
using OrderSample.Backoffice.Console.Components;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Console.Orders;

/// <summary>The saga's timeline as steps of its order's story.</summary>
internal static class TimelineSteps
{
    internal static readonly string[] Answers = ["StockReserved", "StockShort", "StockCommitted", "StockReleased"];
    internal static readonly string[] Requests = ["OrderSubmitted", "PaymentReceived", "CancellationRequested"];

    private const string Wait = "WaitedInOutbox";
    private static readonly string[] Commands = ["ReserveStock", "CommitStock", "ReleaseStock"];

    /// <summary>Each entry. The saga notes a message when it takes it: one that waited in an outbox was sent when it was stored there.</summary>
    public static IEnumerable<StoryStep> Of(IReadOnlyList<OrderEvent> timeline) =>
        timeline.Select(entry => entry is { Event: Wait, StoredAt: { } storedAt } ? Waited(entry, storedAt) : Step(entry) with { At = StoredAt(entry, timeline) ?? entry.At });

    private static DateTimeOffset? StoredAt(OrderEvent entry, IEnumerable<OrderEvent> timeline) =>
        timeline.LastOrDefault(wait => wait.Event == Wait && wait.Detail == entry.Event && wait.At <= entry.At)?.StoredAt;

    private static StoryStep Waited(OrderEvent entry, DateTimeOffset storedAt)
    {
        var sender = Answers.Contains(entry.Detail) ? Lane.InventoryService : Lane.OrderService;
        var title = string.Create(CultureInfo.InvariantCulture, $"{StateBadge.Name(entry.Detail!)}: {(entry.At - storedAt).TotalSeconds:0.0} s in the outbox");
        return new StoryStep(entry.At, title, StepKind.Wait, sender, sender, "It was stored, and sent when the broker took it.", Since: storedAt);
    }

    private static StoryStep Step(OrderEvent entry)
    {
        var (kind, from, to) = entry.Event switch
        {
            "Resent" => (StepKind.SentAgain, Lane.OrderService, Lane.InventoryService),
            "PaymentRefunded" => (StepKind.Event, Lane.OrderService, Lane.Customer),
            var name when Commands.Contains(name) => (StepKind.Command, Lane.OrderService, Lane.InventoryService),
            var name when Answers.Contains(name) => (StepKind.Event, Lane.InventoryService, Lane.OrderService),
            var name when Requests.Contains(name) => (StepKind.Request, Lane.Customer, Lane.OrderService),
            var name when name.StartsWith("Attention", StringComparison.Ordinal) => (StepKind.Decision, Lane.Desk, Lane.OrderService),
            var name when name.EndsWith("TimeoutExpired", StringComparison.Ordinal) => (StepKind.Timeout, Lane.OrderService, Lane.OrderService),
            _ => (StepKind.Event, Lane.OrderService, Lane.OrderService),
        };
        return new StoryStep(entry.At, kind == StepKind.SentAgain ? "Command sent again" : StateBadge.Name(entry.Event), kind, from, to, entry.Detail);
    }
}
