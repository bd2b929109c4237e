using System.Text.Json;
using System.Text.Json.Serialization;
using OrderSample.Bench.Confirms.Running;
using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Confirms.Reporting;

/// <summary>How fast one kind was.</summary>
/// <param name="Queue">On which queue.</param>
/// <param name="Kind">The kind's name.</param>
/// <param name="PerSecond">Messages a second, the median of the rounds.</param>
/// <param name="Ratio">To the kind that all are compared with.</param>
/// <param name="Rounds">Each round's messages a second.</param>
internal sealed record Speed(QueueKind Queue, string Kind, double PerSecond, double Ratio, IReadOnlyList<double> Rounds);

/// <summary>Messages that a publisher took for safe.</summary>
/// <param name="Lost">Those of them that are in no queue.</param>
/// <param name="Believed">All of them.</param>
internal sealed record Loss(int Lost, int Believed);

/// <summary>What one kind of publishing lost without knowing it.</summary>
/// <param name="Queue">On which queue.</param>
/// <param name="Kind">The kind's name.</param>
/// <param name="BrokerKilled">When the broker was killed in the middle.</param>
/// <param name="QueueFull">When the queue was full and refused more.</param>
/// <param name="NoQueue">When no queue took the messages.</param>
internal sealed record PublishingLoss(QueueKind Queue, string Kind, Loss BrokerKilled, Loss QueueFull, Loss NoQueue);

/// <summary>What became of the messages of a consumer that was killed in mid-work.</summary>
/// <param name="Queue">On which queue.</param>
/// <param name="Kind">The kind's name.</param>
/// <param name="Messages">How many there were.</param>
/// <param name="Handled">Those whose work was done before the kill.</param>
/// <param name="Lost">Those neither handled nor still in the queue.</param>
/// <param name="Redelivered">Those in the queue that the dead consumer had had in hand.</param>
/// <param name="Twice">Those handled and still in the queue: their work will be done again.</param>
internal sealed record ConsumingLoss(QueueKind Queue, string Kind, int Messages, int Handled, int Lost, int Redelivered, int Twice);

/// <summary>The results of a run; what was not asked for is null.</summary>
/// <param name="Machine">Where it ran.</param>
/// <param name="StartedAt">When, UTC.</param>
/// <param name="Rounds">How many rounds the medians are of.</param>
/// <param name="Seconds">How long one measurement took.</param>
internal sealed record Report(Machine Machine, DateTimeOffset StartedAt, int Rounds, double Seconds)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public IReadOnlyList<Speed>? Publishing { get; init; }

    public IReadOnlyList<PublishingLoss>? PublishingLosses { get; init; }

    public IReadOnlyList<Speed>? Consuming { get; init; }

    public IReadOnlyList<ConsumingLoss>? ConsumingLosses { get; init; }

    public async Task WriteJson(FileInfo file, CancellationToken cancellationToken)
    {
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, this, Json, cancellationToken);
    }
}
