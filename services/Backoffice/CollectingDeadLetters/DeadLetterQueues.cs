using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.Messaging;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Finds the queues for dead letters, by name, in the broker's management interface.</summary>
internal sealed class DeadLetterQueues
{
    /// <summary>Takes what the alternate exchange of every event exchange takes: messages that no queue wants.</summary>
    public const string Unrouted = "unrouted";

    /// <summary>Takes what the broker removes from a receive queue.</summary>
    public const string DeadLetters = "dead-letters";

    /// <summary>MassTransit's queue for what an endpoint's consumers failed at.</summary>
    public const string ErrorSuffix = "_error";

    /// <summary>MassTransit's queue for what an endpoint has no consumer for.</summary>
    public const string SkippedSuffix = "_skipped";

    private const int PageSize = 500;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly string _path;

    public DeadLetterQueues(HttpClient http, BrokerConnections broker, IOptions<DeadLetterOptions> options)
    {
        http.BaseAddress = options.Value.ManagementUrl;
        http.Timeout = Timeout;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(broker.Address.UserInfo))));
        _http = http;
        var name = Uri.EscapeDataString($"({ErrorSuffix}|{SkippedSuffix})$|^({Unrouted}|{DeadLetters})$");
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
