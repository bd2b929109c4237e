namespace OrderSample.Backoffice.Console.Services;

/// <summary>How many orders are in a state.</summary>
/// <param name="Status">The state.</param>
/// <param name="Count">How many, up to a hundred thousand.</param>
public sealed record StateCount(string Status, int Count)
{
    /// <summary>Whether there may be more: the service counts no further.</summary>
    public bool IsAtLeast => Count >= 100_000;
}

/// <summary>How many orders are where.</summary>
/// <param name="States">Each state's count.</param>
/// <param name="CompletedPerSecond">Orders completed per second, over the last five.</param>
public sealed record OrderCounts(IReadOnlyList<StateCount> States, double CompletedPerSecond);

/// <summary>The order service's counts, as the console uses them.</summary>
/// <param name="clients">How to reach it.</param>
public sealed class OrderCountsClient(IHttpClientFactory clients)
{
    /// <summary>Counts orders.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<OrderCounts> ReadAsync(CancellationToken cancellationToken) =>
        clients.CreateClient(ServiceNames.Orders).ReadAsync<OrderCounts>("/orders/counts", cancellationToken);
}
