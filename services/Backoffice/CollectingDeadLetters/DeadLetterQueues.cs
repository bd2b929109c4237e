using Microsoft.Extensions.Options;
using OrderSample.Backoffice.Messaging;
using OrderSample.ServiceDefaults.Messaging.Topology;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Finds the queues for dead letters and for reports about them, by name, in the broker's management interface.</summary>
internal sealed class DeadLetterQueues
{
    private const int PageSize = 500;

    private readonly HttpClient _http;
    private readonly string _path;

    public DeadLetterQueues(HttpClient http, BrokerConnections broker, IOptions<DeadLetterOptions> options)
    {
        broker.ConfigureManagement(http, options.Value);
        _http = http;
        var name = Uri.EscapeDataString($"({BrokerNames.ErrorSuffix}|{BrokerNames.SkippedSuffix})$|^({BrokerNames.Unrouted}|{BrokerNames.DeadLetters}|{BrokerNames.HandledDeadLetters}|{BrokerNames.RepeatedDeliveries})$");
        _path = $"api/queues/{Uri.EscapeDataString(broker.VirtualHost)}?columns=name&use_regex=true&name={name}&page_size={PageSize}&page=";
    }

    /// <summary>The names of all that there are now.</summary>
    /// <exception cref="HttpRequestException">The management interface does not answer, or refuses the user.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        for (var page = 1; ; page++)
        {
            var found = (await _http.GetFromJsonAsync<Page>(_path + page, cancellationToken))!;
            names.AddRange(found.Items.Select(queue => queue.Name));
            if (page >= found.PageCount)
                return names;
        }
    }

    private sealed record Page(Queue[] Items, [property: System.Text.Json.Serialization.JsonPropertyName("page_count")] int PageCount);

    private sealed record Queue(string Name);
}
