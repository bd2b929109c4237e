namespace OrderSample.Backoffice.Console.Services;

/// <summary>A product's stock, in pieces.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Name">Name for people.</param>
/// <param name="OnHand">In the warehouse.</param>
/// <param name="Reserved">Of these, held for orders.</param>
/// <param name="Available">Of these, free.</param>
public sealed record StockRow(string Sku, string Name, int OnHand, int Reserved, int Available);

/// <summary>A line of a reservation.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Pieces.</param>
public sealed record ReservedLine(string Sku, int Quantity);

/// <summary>An order's claim on the stock.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Lines">What is, was, or was asked to be held.</param>
public sealed record Reservation(Guid OrderId, string Status, IReadOnlyList<ReservedLine> Lines);

/// <summary>The inventory service, as the console uses it.</summary>
/// <param name="http">Its address, and how to reach it.</param>
public sealed class InventoryServiceClient(HttpClient http)
{
    /// <summary>Reads all stock: the demo's few products.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<StockRow>> ListStockAsync(CancellationToken cancellationToken) =>
        http.ReadAsync<IReadOnlyList<StockRow>>("/stock", cancellationToken);

    /// <summary>Sets how many pieces of a product there are, or adds one.</summary>
    /// <param name="sku">The product.</param>
    /// <param name="name">Its name for people.</param>
    /// <param name="onHand">Pieces.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServiceAnswer<StockRow>> SetStockAsync(string sku, string name, int onHand, CancellationToken cancellationToken) =>
        http.DoAsync<StockRow>(HttpMethod.Put, $"/stock/{Uri.EscapeDataString(sku)}", new { name, onHand }, cancellationToken);

    /// <summary>Reads what is held for an order; null when nothing ever was.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Reservation?> FindReservationAsync(Guid orderId, CancellationToken cancellationToken) =>
        http.FindAsync<Reservation>($"/reservations/{orderId}", cancellationToken);
}
