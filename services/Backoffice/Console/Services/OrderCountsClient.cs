namespace OrderSample.Backoffice.Console.Services;

/// <summary>How many orders are in a state, and what they come to.</summary>
/// <param name="Status">The state.</param>
/// <param name="Count">How many were counted.</param>
/// <param name="Total">The amount to pay for those, together.</param>
/// <param name="AtLeast">Whether there may be more: the service has counted no further.</param>
public sealed record StateCount(string Status, int Count, decimal Total = 0, bool AtLeast = false);

/// <summary>How many orders are where.</summary>
/// <param name="States">Each state's count.</param>
/// <param name="CompletedPerSecond">Orders completed per second, over the last five.</param>
/// <param name="CancelledPerSecond">Orders cancelled per second, over the last five.</param>
/// <param name="SentAgain">Commands that were sent again for orders that still wait for the answer.</param>
public sealed record OrderCounts(IReadOnlyList<StateCount> States, double CompletedPerSecond, double CancelledPerSecond = 0, int SentAgain = 0);

/// <summary>The order service's counts, as the console uses them.</summary>
/// <param name="clients">How to reach it.</param>
public sealed class OrderCountsClient(IHttpClientFactory clients)
{
    /// <summary>Counts orders.</summary>
    /// <param name="filter">Only those.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<OrderCounts> ReadAsync(OrderFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return clients.CreateClient(ServiceNames.Orders).ReadAsync<OrderCounts>($"/orders/counts?{filter.ToQuery()}", cancellationToken);
    }
}
