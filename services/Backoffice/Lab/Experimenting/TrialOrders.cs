using OrderSample.Backoffice.Console.Services;
using OrderSample.Contracts.Ordering;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>What the steps of an experiment do with orders.</summary>
internal static class TrialOrders
{
    /// <summary>What one piece of an experiment's product costs.</summary>
    public const decimal UnitPrice = 10;

    /// <summary>Who orders.</summary>
    public static readonly Customer Customer = new("Lab", "lab@example.com", null);

    private static readonly string[] Final = ["Completed", "Rejected", "Cancelled", "NeedsAttention"];

    /// <summary>Puts so many pieces of the experiment's product into the warehouse, and says how they stand.</summary>
    public static async Task<StockRow> StockAsync(this Trial lab, int onHand, CancellationToken cancellationToken)
    {
        var reserved = (await lab.FindStockAsync(cancellationToken))?.Reserved ?? 0;
        var answer = await lab.System.UseAsync<InventoryServiceClient, ServiceAnswer<StockRow>>(client => client.SetStockAsync(lab.Sku, "For experiments", onHand + reserved, cancellationToken));
        Trial.Must($"Put {onHand} pieces of {lab.Sku} into the warehouse", answer.Problem);
        return answer.Value!;
    }

    /// <summary>How the experiment's product stands.</summary>
    public static async Task<StockRow?> FindStockAsync(this Trial lab, CancellationToken cancellationToken) =>
        (await lab.System.UseAsync<InventoryServiceClient, IReadOnlyList<StockRow>>(client => client.ListStockAsync(cancellationToken))).FirstOrDefault(row => row.Sku == lab.Sku);

    /// <summary>Places an order for the experiment's product, which must be taken.</summary>
    public static async Task<Guid> PlaceAsync(this Trial lab, CancellationToken cancellationToken, int quantity = 1, string? sku = null, string? what = null)
    {
        var order = new NewOrder(Guid.CreateVersion7(), Customer, [new OrderLine(sku ?? lab.Sku, quantity, UnitPrice)]);
        lab.Add(order.OrderId, what);
        var answer = await lab.System.UseAsync<OrderServiceClient, ServiceAnswer<TakenOrder>>(client => client.PlaceAsync(order, cancellationToken));
        Trial.Must("Place an order", answer.Problem);
        return order.OrderId;
    }

    /// <summary>Pays an order; asked again, it is the same payment.</summary>
    /// <returns>Why not; null when the payment is taken.</returns>
    public static async Task<string?> PayAsync(this Trial lab, Guid orderId, CancellationToken cancellationToken, int quantity = 1) =>
        (await lab.System.UseAsync<OrderServiceClient, ServiceAnswer<TakenOrder>>(client => client.PayAsync(orderId, orderId, quantity * UnitPrice, cancellationToken))).Problem;

    /// <summary>Asks for an order's cancellation.</summary>
    /// <returns>Why not; null when it is asked for.</returns>
    public static async Task<string?> CancelAsync(this Trial lab, Guid orderId, CancellationToken cancellationToken) =>
        (await lab.System.UseAsync<OrderServiceClient, ServiceAnswer<TakenOrder>>(client => client.CancelAsync(orderId, "An experiment of the Lab.", cancellationToken))).Problem;

    /// <summary>Reads an order.</summary>
    /// <exception cref="HttpRequestException">It is not there, or the service is away.</exception>
    public static async Task<OrderDetails> FindOrderAsync(this Trial lab, Guid orderId, CancellationToken cancellationToken)
    {
        var order = await lab.System.UseAsync<OrderServiceClient, OrderDetails?>(client => client.FindAsync(orderId, cancellationToken)) ?? throw new HttpRequestException($"There is no order {orderId}.");
        lab.Saw(order);
        return order;
    }

    /// <summary>Waits until an order is in a state; another final state fails at once.</summary>
    public static async Task<OrderDetails> ReachesAsync(this Trial lab, Guid orderId, string status, CancellationToken cancellationToken)
    {
        var order = await lab.UntilAsync($"order {orderId} to be {status}", token => lab.FindOrderAsync(orderId, token),
            seen => seen.Status == status || Final.Contains(seen.Status), seen => seen.Status, cancellationToken);
        return order.Status == status ? order : throw new ExperimentFailedException($"Order {orderId} is {order.Status} instead of {status}. {order.Reason}".TrimEnd());
    }

    /// <summary>Waits until an order is in any final state.</summary>
    public static Task<OrderDetails> EndsAsync(this Trial lab, Guid orderId, CancellationToken cancellationToken) =>
        lab.UntilAsync($"order {orderId} to end", token => lab.FindOrderAsync(orderId, token), seen => Final.Contains(seen.Status), seen => seen.Status, cancellationToken);

    /// <summary>Pays an order that waits for it, unless somebody has done so by hand, and waits until it is completed.</summary>
    public static async Task<OrderDetails> PayAndCompleteAsync(this Trial lab, Guid orderId, CancellationToken cancellationToken, int quantity = 1)
    {
        var order = await lab.UntilAsync($"order {orderId} to be AwaitingPayment", token => lab.FindOrderAsync(orderId, token),
            seen => seen.Status is "AwaitingPayment" or "Confirming" || Final.Contains(seen.Status), seen => seen.Status, cancellationToken);
        if (order.Status == "AwaitingPayment")
            Trial.Must("Pay the order", await lab.PayAsync(orderId, cancellationToken, quantity));
        return await lab.ReachesAsync(orderId, "Completed", cancellationToken);
    }

    /// <summary>Reads what is held for an order; null when nothing ever was.</summary>
    public static Task<Reservation?> FindReservationAsync(this Trial lab, Guid orderId, CancellationToken cancellationToken) =>
        lab.System.UseAsync<InventoryServiceClient, Reservation?>(client => client.FindReservationAsync(orderId, cancellationToken));

    /// <summary>Claims that what is held for an order is in a state.</summary>
    public static async Task ClaimReservationAsync(this Trial lab, Guid orderId, string status, CancellationToken cancellationToken)
    {
        var reservation = await lab.FindReservationAsync(orderId, cancellationToken);
        lab.Claim($"The stock of order {orderId} is {status}.", reservation?.Status == status, reservation?.Status ?? "no reservation");
    }

    /// <summary>Waits until the product's stock is what it was, but for so many pieces that were sold.</summary>
    public static async Task ClaimStockAsync(this Trial lab, StockRow before, int sold, CancellationToken cancellationToken)
    {
        var now = await lab.FindStockAsync(cancellationToken);
        lab.Claim($"Of {lab.Sku}, {sold} pieces have left the warehouse, and no more are held than before.", now?.OnHand == before.OnHand - sold && now.Reserved == before.Reserved,
            $"{before.OnHand - now?.OnHand} have left, {now?.Reserved - before.Reserved} more are held");
    }

    /// <summary>Waits until the customer was told something about an order.</summary>
    public static Task<IReadOnlyList<NotificationRow>> ToldAsync(this Trial lab, Guid orderId, string kind, CancellationToken cancellationToken) =>
        lab.UntilAsync($"the mail {kind} about order {orderId}", token => lab.System.UseAsync<NotificationServiceClient, IReadOnlyList<NotificationRow>>(client => client.ListAsync(orderId, token)),
            all => all.Any(x => x.Kind == kind && x.Status == "Sent"), all => all.Count == 0 ? "none" : string.Join(", ", all.Select(x => $"{x.Kind} {x.Status}")), cancellationToken);
}
