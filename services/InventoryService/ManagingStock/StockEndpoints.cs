using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.InventoryService.Data;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.InventoryService.ManagingStock;

/// <summary>A product's stock, in pieces.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Name">Name for people.</param>
/// <param name="OnHand">In the warehouse.</param>
/// <param name="Reserved">Of these, held for orders.</param>
/// <param name="Available">Of these, free.</param>
public sealed record StockItem(string Sku, string Name, int OnHand, int Reserved, int Available)
{
    /// <summary>One for the OpenAPI document.</summary>
    internal static readonly StockItem Example = Of(new Product { Sku = "KETTLE", Name = "Gooseneck kettle", OnHand = 5_000, Reserved = 2 });

    /// <summary>The stock of a product.</summary>
    /// <param name="product">The product.</param>
    public static StockItem Of(Product product)
    {
        ArgumentNullException.ThrowIfNull(product);
        return new(product.Sku, product.Name, product.OnHand, product.Reserved, product.Available);
    }
}

internal static class StockEndpoints
{
    public static void MapReadingStock(this IEndpointRouteBuilder app)
    {
        app.MapGet("/stock", ListAsync).WithName("ListStock").WithTags("Stock")
            .WithSummary("List the stock of all products")
            .WithResponse(StatusCodes.Status200OK, "All products, by stock keeping unit.", new[] { StockItem.Example });
        app.MapGet("/stock/{sku}", GetAsync).WithName("GetStock").WithTags("Stock")
            .WithSummary("Look at the stock of a product")
            .WithParameter("sku", "The product's stock keeping unit.", StockItem.Example.Sku)
            .WithResponse(StatusCodes.Status200OK, "The product's stock.", StockItem.Example)
            .WithResponse(StatusCodes.Status404NotFound, "There is no such product.");
    }

    private static async Task<Ok<StockItem[]>> ListAsync(InventoryDbContext context, CancellationToken cancellationToken)
    {
        var products = await context.Products.AsNoTracking().OrderBy(product => product.Sku).ToListAsync(cancellationToken);
        return TypedResults.Ok(products.Select(StockItem.Of).ToArray());
    }

    private static async Task<Results<Ok<StockItem>, NotFound>> GetAsync(
        string sku, InventoryDbContext context, CancellationToken cancellationToken) =>
        await context.Products.AsNoTracking().SingleOrDefaultAsync(product => product.Sku == sku, cancellationToken) is { } product
            ? TypedResults.Ok(StockItem.Of(product))
            : TypedResults.NotFound();
}
