using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrderSample.AppHost.Breaking.Faults;

/// <summary>A policy lets a queue hold nothing: it refuses what is published to it.</summary>
internal sealed class FullQueue(BrokerAdministration broker) : IFault
{
    public string Kind => "full-queue";

    public Task BreakAsync(string target, JsonElement details, CancellationToken cancellationToken) => broker.AskAsync(HttpMethod.Put, PolicyOf(target),
        new Dictionary<string, object> { ["pattern"] = $"^{Regex.Escape(target)}$", ["definition"] = new Dictionary<string, int> { ["max-length"] = 0 }, ["apply-to"] = "queues" }, cancellationToken);

    public Task MendAsync(string target, CancellationToken cancellationToken) => broker.AskAsync(HttpMethod.Delete, PolicyOf(target), null, cancellationToken);

    private static string PolicyOf(string queue) => $"policies/%2F/experiment-{Uri.EscapeDataString(queue)}";
}
