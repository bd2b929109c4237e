using Microsoft.Extensions.Options;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Messaging;

namespace OrderSample.Backoffice.Console.Alarms;

/// <summary>Nodes of the broker that take others for gone although they run: what is declared on one side is not on the other, until they are restarted.</summary>
/// <param name="Names">The nodes, the loneliest first.</param>
public sealed record PartitionedNodes(IReadOnlyList<string> Names);

/// <summary>Asks the broker for them. RabbitMQ up to 4.2 has partitions that no setting ends: docs/handbook/partitions.md.</summary>
internal sealed class BrokerPartitions
{
    private readonly HttpClient _http;

    public BrokerPartitions(HttpClient http, BrokerConnections broker, IOptions<DeadLetterOptions> options)
    {
        broker.ConfigureManagement(http, options.Value);
        _http = http;
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="HttpRequestException">The management interface does not answer, or refuses the user.</exception>
    public async Task<PartitionedNodes> ReadAsync(CancellationToken cancellationToken)
    {
        var nodes = (await _http.GetFromJsonAsync<Node[]>("api/nodes?columns=name,partitions", cancellationToken))!;
        return Of(nodes.Select(node => (node.Name, node.Partitions?.Length ?? 0)));
    }

    /// <summary>Puts the nodes in the sequence in which a person restarts them.</summary>
    /// <param name="nodes">Each with how many others are partitioned from it.</param>
    internal static PartitionedNodes Of(IEnumerable<(string Name, int Others)> nodes) =>
        new([.. nodes.Where(node => node.Others > 0).OrderByDescending(node => node.Others).Select(node => node.Name.Split('@')[0])]);

    private sealed record Node(string Name, string[]? Partitions);
}
