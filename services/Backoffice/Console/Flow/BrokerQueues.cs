using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Messaging;

namespace OrderSample.Backoffice.Console.Flow;

/// <summary>A queue, as the broker's management interface tells it; it brings its numbers up to date every five seconds.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Messages">Messages in it, also those that are being worked on.</param>
/// <param name="Unacknowledged">Of these, messages that consumers have and have not acknowledged.</param>
/// <param name="Consumers">Consumers.</param>
/// <param name="InPerSecond">Messages that come in, per second.</param>
/// <param name="OutPerSecond">Messages that are acknowledged, per second.</param>
public sealed record QueueReading(string Name, int Messages, int Unacknowledged, int Consumers, double InPerSecond, double OutPerSecond);

/// <summary>Reads the broker's queues.</summary>
internal sealed class BrokerQueues
{
    // This system has some thirty.
    private const int PageSize = 500;

    private readonly HttpClient _http;
    private readonly string _path;

    public BrokerQueues(HttpClient http, BrokerConnections broker, IOptions<DeadLetterOptions> options)
    {
        broker.ConfigureManagement(http, options.Value);
        _http = http;
        _path = $"api/queues/{Uri.EscapeDataString(broker.VirtualHost)}?page=1&page_size={PageSize}"
            + "&columns=name,messages,messages_unacknowledged,consumers,message_stats.publish_details.rate,message_stats.ack_details.rate";
    }

    /// <summary>All queues, by name.</summary>
    /// <exception cref="HttpRequestException">The management interface does not answer, or refuses the user.</exception>
    public async Task<IReadOnlyList<QueueReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = (await _http.GetFromJsonAsync<Page>(_path, cancellationToken))!;
        return [.. found.Items.OrderBy(queue => queue.Name, StringComparer.Ordinal).Select(queue => new QueueReading(
            queue.Name, queue.Messages, queue.Unacknowledged, queue.Consumers, queue.Stats?.Published?.Rate ?? 0, queue.Stats?.Acknowledged?.Rate ?? 0))];
    }

    private sealed record Page(Queue[] Items);

    private sealed record Queue(
        string Name, int Messages, [property: JsonPropertyName("messages_unacknowledged")] int Unacknowledged, int Consumers,
        [property: JsonPropertyName("message_stats")] Stats? Stats);

    private sealed record Stats(
        [property: JsonPropertyName("publish_details")] Change? Published, [property: JsonPropertyName("ack_details")] Change? Acknowledged);

    private sealed record Change(double Rate);
}
