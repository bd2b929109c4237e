using OrderSample.Backoffice.Console.Services;
using OrderSample.Contracts.Ordering;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>What the steps of an experiment do with what waits, is parked, or is refused.</summary>
internal static class TrialMessages
{
    private const int MaxParked = 200;
    private const string Reason = "An experiment of the Lab: the cause is mended.";

    /// <summary>What waits in the order service's outbox.</summary>
    public static Task<OutboxFill> OutboxAsync(this Trial lab, CancellationToken cancellationToken) =>
        lab.System.UseAsync<AnyServiceClient, OutboxFill>(client => client.ReadOutboxAsync(ServiceNames.Orders, cancellationToken));

    /// <summary>The order service's parked messages that are about the run's orders.</summary>
    public static async Task<IReadOnlyList<ParkedRow>> ParkedAsync(this Trial lab, CancellationToken cancellationToken)
    {
        var page = await lab.System.UseAsync<AnyServiceClient, ParkedRows>(client => client.ListParkedAsync(ServiceNames.Orders, after: 0, MaxParked, cancellationToken));
        var orders = lab.Orders.Select(order => order.ToString()).ToList();
        return [.. page.Items.Where(row => orders.Any(order => row.Body.Contains(order, StringComparison.OrdinalIgnoreCase)))];
    }

    /// <summary>Has them sent again.</summary>
    public static async Task SendParkedAgainAsync(this Trial lab, CancellationToken cancellationToken)
    {
        foreach (var row in await lab.ParkedAsync(cancellationToken))
            Trial.Must("Send a parked message again", await lab.System.UseAsync<AnyServiceClient, string?>(client => client.RetryParkedAsync(ServiceNames.Orders, row.Id, lab.By, Reason, cancellationToken)));
    }

    /// <summary>Discards them: their orders are over.</summary>
    public static async Task DiscardParkedAsync(this Trial lab, CancellationToken cancellationToken)
    {
        foreach (var row in await lab.ParkedAsync(cancellationToken))
            await lab.System.UseAsync<AnyServiceClient, string?>(client => client.DiscardParkedAsync(ServiceNames.Orders, row.Id, lab.By, "An experiment of the Lab has ended.", cancellationToken));
    }

    /// <summary>Offers an order, which may be refused.</summary>
    /// <returns>The order, and why it was refused.</returns>
    public static async Task<(Guid Order, string? Refusal)> OfferAsync(this Trial lab, CancellationToken cancellationToken)
    {
        var order = Guid.CreateVersion7();
        lab.Add(order);
        return (order, await lab.OfferAgainAsync(order, cancellationToken));
    }

    /// <summary>Offers an order again, under its id.</summary>
    /// <returns>Why it was refused; null when it is accepted.</returns>
    public static async Task<string?> OfferAgainAsync(this Trial lab, Guid order, CancellationToken cancellationToken) => (await lab.System.UseAsync<OrderServiceClient, ServiceAnswer<TakenOrder>>(
        client => client.PlaceAsync(new NewOrder(order, TrialOrders.Customer, [new OrderLine(lab.Sku, 1, TrialOrders.UnitPrice)]), cancellationToken))).Problem;

    /// <summary>Has the ledgers compared.</summary>
    /// <returns>What was found about an order; null when nothing was, or the run has not ended.</returns>
    public static async Task<DiscrepancyRow?> ReconcileAsync(this Trial lab, Guid orderId, CancellationToken cancellationToken)
    {
        // While one runs no other begins; that one may find it as well.
        await lab.System.UseAsync<ReconciliationClient, ServiceAnswer<RunRow>>(client => client.StartAsync(cancellationToken));
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        foreach (var run in (await lab.System.UseAsync<ReconciliationClient, IReadOnlyList<RunRow>>(client => client.ListAsync(cancellationToken))).Take(3))
        {
            var report = await lab.System.UseAsync<ReconciliationClient, RunReport?>(client => client.FindAsync(run.RunId, cancellationToken));
            if (report?.Discrepancies.FirstOrDefault(x => x.OrderId == orderId) is { } found)
                return found;
        }

        return null;
    }
}
