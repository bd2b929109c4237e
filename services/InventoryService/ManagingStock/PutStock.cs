using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.InventoryService.Data;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.InventoryService.ManagingStock;

/// <summary>Body of <c>PUT /stock/{sku}</c>.</summary>
/// <param name="Name">Name for people.</param>
/// <param name="OnHand">Pieces counted in the warehouse.</param>
public sealed record PutStockRequest([property: Required] string? Name, [property: Required] int? OnHand);

/// <summary>Sets the outcome of a stock-taking, or adds a product.</summary>
internal static partial class PutStock
{
    private const int MaxOnHand = 1_000_000_000;
    private static readonly PutStockRequest ExampleRequest = new(StockItem.Example.Name, StockItem.Example.OnHand);

    public static void MapCountingStock(this IEndpointRouteBuilder app) =>
        app.MapPut("/stock/{sku}", PutAsync).WithName("PutStock").WithTags("Stock").ForOperators()
            .WithSummary("Set the stock of a product")
            .WithDescription("Stores what was counted in the warehouse. A product that there is not yet is added.")
            .WithParameter("sku", "The product's stock keeping unit.", StockItem.Example.Sku)
            .WithRequestExample(ExampleRequest)
            .WithResponse(StatusCodes.Status200OK, "The product's stock as it is now.", StockItem.Example)
            .WithErrors(Validate(StockItem.Example.Sku, ExampleRequest with { OnHand = -1 }))
            .WithProblem(StatusCodes.Status409Conflict, AreHeld(StockItem.Example.Reserved), "More pieces are held for orders than were counted. Nothing was changed.");

    public static ValidationErrors Validate(string sku, PutStockRequest request)
    {
        var errors = new ValidationErrors();
        errors.Check(Sku().IsMatch(sku), "sku", $"must be 1 to {Product.MaxSkuLength} letters, digits, dots, hyphens or underscores");
        errors.Check(!string.IsNullOrWhiteSpace(request.Name), "name", "is missing");
        errors.Check(request.Name is not { Length: > Product.MaxNameLength }, "name", $"must not be longer than {Product.MaxNameLength} characters");
        errors.Check(request.Name?.Any(char.IsControl) != true, "name", "must not hold control characters");
        errors.Check(request.OnHand is >= 0 and <= MaxOnHand, "onHand", $"must be 0 to {MaxOnHand}");
        return errors;
    }

    private static async Task<Results<Ok<StockItem>, ValidationProblem, ConflictProblem>> PutAsync(
        string sku, PutStockRequest request, InventoryDbContext context, IDatabaseProvider database, ILogger<PutStockRequest> logger,
        CancellationToken cancellationToken)
    {
        var errors = Validate(sku, request);
        if (!errors.None)
            return errors.ToResult();

        var (name, onHand) = (request.Name!, request.OnHand!.Value);
        var changed = await TryChangeAsync(context, sku, name, onHand, cancellationToken)
            || await TryAddAsync(context, database, sku, name, onHand, cancellationToken)
            // Not to be changed and not to be added: more is held than was counted, or somebody has added it just now.
            || await TryChangeAsync(context, sku, name, onHand, cancellationToken);
        var product = await context.Products.AsNoTracking().SingleAsync(x => x.Sku == sku, cancellationToken);
        if (!changed)
            return new ConflictProblem(AreHeld(product.Reserved));

        logger.LogInformation("Stock of {Sku} set to {OnHand}", sku, onHand);
        return TypedResults.Ok(StockItem.Of(product));
    }

    private static string AreHeld(int reserved) => $"{reserved} pieces are held for orders.";

    // One statement, so that no reservation can come between the look at what is held and the change.
    private static async Task<bool> TryChangeAsync(InventoryDbContext context, string sku, string name, int onHand, CancellationToken cancellationToken) =>
        await context.Products.Where(product => product.Sku == sku && product.Reserved <= onHand)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.OnHand, onHand).SetProperty(x => x.Name, name), cancellationToken) == 1;

    private static async Task<bool> TryAddAsync(InventoryDbContext context, IDatabaseProvider database, string sku, string name, int onHand,
        CancellationToken cancellationToken)
    {
        if (await context.Products.AnyAsync(product => product.Sku == sku, cancellationToken))
            return false;

        context.Products.Add(new Product { Sku = sku, Name = name, OnHand = onHand });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (database.IsUniqueViolation(exception))
        {
            context.ChangeTracker.Clear();
            return false;
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Sku();
}
