using OrderSample.Backoffice.Console.Services;
using OrderSample.ServiceDefaults.Messaging.Topology;

namespace OrderSample.Backoffice.Console.Flow;

/// <summary>A queue in the picture, or several that are alike and drawn as one.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Messages">Messages in it.</param>
/// <param name="Consumers">Consumers; null where nobody is to consume: a delay queue.</param>
/// <param name="OutPerSecond">Messages acknowledged, per second.</param>
/// <param name="Y">Where its row begins.</param>
/// <param name="SentAgain">How many of the messages are commands that were sent again, at most: the broker can't tell them from the others.</param>
public sealed record QueueBox(string Label, int Messages, int? Consumers, double OutPerSecond, int Y, int SentAgain = 0)
{
    /// <summary>Whether something waits in it and nobody takes it.</summary>
    public bool IsStuck => Messages > 0 && Consumers == 0;
}

/// <summary>A service in the picture, with the queues it consumes.</summary>
/// <param name="Name">The service.</param>
/// <param name="Database">Its database.</param>
/// <param name="Queues">Its queues.</param>
/// <param name="Y">Where its band begins.</param>
/// <param name="Height">How high the band is.</param>
public sealed record ServiceBand(string Name, string Database, IReadOnlyList<QueueBox> Queues, int Y, int Height)
{
    /// <summary>The middle of the band, where its service and database are.</summary>
    public int Middle => Y + (Height / 2);
}

/// <summary>What stands where: one band for each service, each with its queues from the broker on the left.</summary>
/// <param name="Bands">The bands, from top to bottom.</param>
/// <param name="Height">How high the picture is.</param>
public sealed record FlowPicture(IReadOnlyList<ServiceBand> Bands, int Height)
{
    /// <summary>Height of a queue's row.</summary>
    public const int Row = 34;

    private const int LeastHeight = 124;
    private const int Gap = 22;
    private const int Padding = 12;

    /// <summary>The queue of the commands that the saga sends again.</summary>
    private const string StockCommands = "inventory-reservations";

    private static readonly (string Name, string Database, string Prefix)[] Services =
    [
        (ServiceNames.Orders, "orders-db", "order-"),
        (ServiceNames.Inventory, "inventory-db", "inventory-"),
        (ServiceNames.Notifications, "notifications-db", "notification-"),
    ];

    private static readonly string[] FailedSuffixes = [BrokerNames.ErrorSuffix, BrokerNames.SkippedSuffix];

    /// <summary>Draws the queues as they are.</summary>
    /// <param name="queues">What the broker has.</param>
    /// <param name="sentAgain">Commands that the saga has sent again, and that are not answered: they wait behind the first ones.</param>
    public static FlowPicture Of(IReadOnlyList<QueueReading> queues, int sentAgain = 0)
    {
        ArgumentNullException.ThrowIfNull(queues);
        var bands = new List<ServiceBand>();
        var y = 0;
        foreach (var (name, database, prefix) in Services)
            Add(name, database, Own(queues, prefix).Select(queue => queue.Label == StockCommands ? queue with { SentAgain = Math.Min(sentAgain, queue.Messages) } : queue));
        Add("backoffice", "backoffice-db", Failed(queues));
        return new FlowPicture(bands, y - Gap);

        void Add(string name, string database, IEnumerable<QueueBox> boxes)
        {
            var all = boxes.ToList();
            var height = Math.Max(LeastHeight, (all.Count * Row) + (2 * Padding));
            var top = y + ((height - (all.Count * Row)) / 2);
            bands.Add(new ServiceBand(name, database, [.. all.Select((box, row) => box with { Y = top + (row * Row) })], y, height));
            y += height + Gap;
        }
    }

    private static IEnumerable<QueueBox> Own(IReadOnlyList<QueueReading> queues, string prefix)
    {
        var own = queues.Where(queue => queue.Name.StartsWith(prefix, StringComparison.Ordinal) && !IsFailed(queue.Name)).ToList();
        foreach (var queue in own.Where(queue => !IsDelay(queue.Name)))
            yield return new QueueBox(queue.Name, queue.Messages, queue.Consumers, queue.OutPerSecond, Y: 0);
        var delayed = own.Where(queue => IsDelay(queue.Name)).Sum(queue => queue.Messages);
        if (delayed > 0)
            yield return new QueueBox("waiting to be tried again", delayed, Consumers: null, OutPerSecond: 0, Y: 0);
    }

    private static IEnumerable<QueueBox> Failed(IReadOnlyList<QueueReading> queues)
    {
        foreach (var suffix in FailedSuffixes)
        {
            var alike = queues.Where(queue => queue.Name.EndsWith(suffix, StringComparison.Ordinal)).ToList();
            if (alike.Count > 0)
                yield return new QueueBox($"*{suffix}", alike.Sum(queue => queue.Messages), alike.Sum(queue => queue.Consumers), alike.Sum(queue => queue.OutPerSecond), Y: 0);
        }

        foreach (var queue in queues.Where(queue => queue.Name is BrokerNames.Unrouted or BrokerNames.DeadLetters))
            yield return new QueueBox(queue.Name, queue.Messages, queue.Consumers, queue.OutPerSecond, Y: 0);
    }

    private static bool IsFailed(string name) => FailedSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>Whether messages only wait in it, to be tried again later.</summary>
    internal static bool IsDelay(string name) => name.EndsWith("ms", StringComparison.Ordinal) && name.Contains("_delay_", StringComparison.Ordinal);
}
