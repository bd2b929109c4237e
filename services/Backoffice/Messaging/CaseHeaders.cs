using OrderSample.ServiceDefaults.Messaging.Topology;

namespace OrderSample.Backoffice.Messaging;

/// <summary>Headers that a replayed message carries, so that it is known should it come back.</summary>
internal static class CaseHeaders
{
    /// <summary>The dead letter's id.</summary>
    public const string CaseId = BrokerNames.CaseHeader;

    /// <summary>Which of its replays this is, from 1.</summary>
    public const string Replay = BrokerNames.ReplayHeader;

    /// <summary>
    /// Whether a header tells of the failure and not of the message. A replay goes without: it gets all of its retries
    /// again, and a broker that finds its own <c>x-death</c> on a message may take the next delay for a cycle and drop it.
    /// </summary>
    public static bool TellsOfFailure(string name) =>
        name is "MT-Reason" or BrokerNames.RedeliveriesHeader or CaseId or Replay
        || FailurePrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static readonly string[] FailurePrefixes =
        ["MT-Fault-", "MT-Host-", "x-death", "x-first-death-", "x-last-death-", "x-delivery-count", "x-acquired-count"];
}
