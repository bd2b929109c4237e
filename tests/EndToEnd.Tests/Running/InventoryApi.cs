using System.Net.Http.Json;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>InventoryService over HTTP.</summary>
public sealed class InventoryApi(HttpClient http, OrderSystem system)
{
    public async Task<Stock> Get(string sku, CancellationToken cancellationToken = default) =>
        (await http.GetFromJsonAsync<Stock>($"/stock/{sku}", cancellationToken))!;

    public async Task<Reservation> Reservation(Guid orderId, CancellationToken cancellationToken = default) =>
        (await http.GetFromJsonAsync<Reservation>($"/reservations/{orderId}", cancellationToken))!;

    /// <summary>Puts a product of the test's own on the shelf, so that tests do not see each other's stock.</summary>
    public async Task<string> NewProduct(int onHand)
    {
        var sku = $"T-{Guid.NewGuid():N}"[..14].ToUpperInvariant();
        using var response = await http.PutAsJsonAsync($"/stock/{sku}", new { name = $"Test product {sku}", onHand });
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return sku;
    }

    /// <summary>
    /// Both equations of the stock, for orders of one product that are all at rest: nothing is held, and what left the
    /// shelf is what completed orders ordered.
    /// </summary>
    public async Task MustBalance(string sku, int onHandBefore, int completedQuantity)
    {
        var stock = await system.Eventually($"{sku} to have nothing reserved", token => Get(sku, token), x => x.Reserved == 0);
        Assert.Equal(completedQuantity, onHandBefore - stock.OnHand);
        Assert.Equal(stock.OnHand, stock.Available);
    }
}

public sealed record Stock(string Sku, string Name, int OnHand, int Reserved, int Available);

public sealed record Reservation(Guid OrderId, string Status);
