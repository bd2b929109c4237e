using OrderSample.Backoffice.Console.Components;
using OrderSample.Backoffice.Console.Flow;
using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Console.Alarms;

/// <summary>Something that a person has to see to, or to know.</summary>
/// <param name="Text">What, in a few words.</param>
/// <param name="Page">The page that says more.</param>
/// <param name="Of">What it is, whatever the count.</param>
/// <param name="Count">How many there are of it.</param>
public sealed record Alarm(string Text, string Page, string Of, int Count = 1);

/// <summary>How many dead letters wait for a person.</summary>
/// <param name="Count">Up to <see cref="OpenAlarms.Most"/>.</param>
public sealed record OpenLetters(int Count);

/// <summary>All that there is to see to. What can't be counted is among it: nobody knows that it is nothing.</summary>
/// <param name="Items">The most pressing first.</param>
public sealed record OpenAlarms(IReadOnlyList<Alarm> Items)
{
    /// <summary>So many dead letters are counted: nobody reads on beyond that, and counting costs.</summary>
    public const int Most = 1_000;

    /// <summary>All of them together.</summary>
    public int Count => Items.Sum(alarm => alarm.Count);

    /// <summary>Those that were not there before, or fewer of it.</summary>
    /// <param name="before">What there was.</param>
    public IReadOnlyList<Alarm> NewSince(OpenAlarms before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return [.. Items.Where(alarm => !before.Items.Any(known => known.Of == alarm.Of && known.Count >= alarm.Count))];
    }

    /// <summary>Puts together what the pages' feeds know.</summary>
    /// <param name="letters">The dead letters.</param>
    /// <param name="orders">The orders by state.</param>
    /// <param name="nodes">The broker's nodes.</param>
    /// <param name="outboxes">Each service's outbox.</param>
    public static OpenAlarms Of(
        LiveState<OpenLetters> letters, LiveState<OrderTrend> orders, LiveState<PartitionedNodes> nodes, IEnumerable<(string Service, LiveState<OutboxFill> Outbox)> outboxes) =>
        new([.. OfLetters(letters), .. OfOrders(orders), .. OfNodes(nodes), .. outboxes.SelectMany(x => OfOutbox(x.Service, x.Outbox))]);

    private static IEnumerable<Alarm> OfLetters(LiveState<OpenLetters> letters)
    {
        const string page = "/desk?status=Open";
        if (letters.Problem is not null)
            yield return new Alarm("Dead letters can't be counted", page, "letters unknown");
        else if (letters.Value is { Count: > 0 and var open })
            yield return new Alarm(Quantity.Of(open, "dead letter", open < Most ? "dead letters" : "or more dead letters"), page, "letters", open);
    }

    private static IEnumerable<Alarm> OfOrders(LiveState<OrderTrend> orders)
    {
        if (orders.Problem is not null)
            yield return new Alarm("Orders can't be counted", "/flow", "orders unknown");
        else if (orders.Value?.Samples is [.., var last] && last.Counts.States.FirstOrDefault(state => state.Status == "NeedsAttention") is { Count: > 0 and var waiting })
            yield return new Alarm($"{Quantity.Of(waiting, "order needs", "orders need")} attention", "/orders?status=NeedsAttention", "orders", waiting);
    }

    private static IEnumerable<Alarm> OfNodes(LiveState<PartitionedNodes> nodes)
    {
        const string page = "/handbook/partitions";
        if (nodes.Problem is not null)
            yield return new Alarm("The broker's nodes can't be asked", "/flow", "nodes unknown");
        else if (nodes.Value is { Names: [var loneliest, ..] })
            yield return new Alarm($"The broker is partitioned: restart {loneliest}", page, "partitioned");
    }

    private static IEnumerable<Alarm> OfOutbox(string service, LiveState<OutboxFill> state)
    {
        if (state.Problem is not null)
            yield return new Alarm($"{service} is away", "/chaos", $"{service} away");
        if (state is not { Problem: null, Value: { } outbox })
            yield break;
        if (outbox.Parked > 0)
            yield return new Alarm($"{Quantity.Of(outbox.Parked, "parked message", "parked messages")} of {service}", "/parked", $"{service} parked", outbox.Parked);
        if (outbox.UnknownSince is not null)
            yield return new Alarm($"{service} can't count its outbox", "/flow", $"{service} outbox unknown");
        if (outbox.Paused is { } pause)
            yield return new Alarm($"{service} delivers nothing: {pause.Reason}", "/flow", $"{service} paused");
        foreach (var refusing in outbox.Refusing)
            yield return new Alarm($"{refusing.Destination} takes nothing from {service}", "/flow", $"{service} refused by {refusing.Destination}");
    }
}
