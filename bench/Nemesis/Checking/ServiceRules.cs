using System.Net;

namespace OrderSample.Nemesis.Checking;

/// <summary>Services answer as in an outage while something is broken, and are healthy soon after.</summary>
internal static class ServiceRules
{
    /// <summary>How soon.</summary>
    public static readonly TimeSpan GreenWithin = TimeSpan.FromMinutes(1);

    private static readonly HashSet<int> Legal =
        [(int)HttpStatusCode.Accepted, (int)HttpStatusCode.Conflict, (int)HttpStatusCode.TooManyRequests, (int)HttpStatusCode.ServiceUnavailable];

    public static Rule LedgersAgree { get; } = new("reconciliation finds nothing at last", facts => facts.Discrepancies.Select(x => new Finding(x)));

    public static Rule EveryoneIsAnswered { get; } = new("every customer is answered in the end", facts =>
        from order in facts.Offered where order.Outcome != "accepted" select new Finding($"Order {order.OrderId} was {order.Outcome}: {(order.Requests is [.., var last] ? last : null)}", order.OrderId));

    public static Rule AnswersAreOfAnOutage { get; } = new("whoever can't be served is told to come again", facts =>
        from order in facts.Offered
        from request in order.Requests
        where request.Status is { } status && (!Legal.Contains(status) || (status >= (int)HttpStatusCode.TooManyRequests && !request.RetryAfter) || IsConflictOfOrder(request))
        select new Finding($"Order {order.OrderId}: {request}", order.OrderId));

    public static Rule NothingEnded { get; } = new("every process runs", facts => facts.Ended.Select(x => new Finding($"{x} does not run any more.")));

    public static Rule HealthIsGreen { get; } = new("every service is healthy within a minute", facts =>
        from service in facts.Health
        where service.Value.After is not { } after || after > GreenWithin
        select new Finding($"{service.Key} {(service.Value.After is { } after ? FormattableString.Invariant($"was healthy after {after.TotalSeconds:0} s") : "did not become healthy")}: {service.Value.LastProblem}"));

    /// <summary>Only what is paid, or has ended, can't be cancelled.</summary>
    private static bool IsConflictOfOrder(Offering.Request request) =>
        request.Status == (int)HttpStatusCode.Conflict && !request.What.EndsWith("/cancellation", StringComparison.Ordinal);
}
