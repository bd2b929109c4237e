using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>Stores a batch of orders in one transaction, also when other requests store some of them at the same moment.</summary>
internal sealed class BatchSubmission(IServiceScopeFactory scopes, IDatabaseProvider database, TimeProvider time)
{
    // Each attempt after the first means that another request was quicker, and is found by the next one.
    private const int MaxAttempts = 5;

    /// <returns>What became of each order, in their sequence. Nothing was stored if one of them is a conflict.</returns>
    public async Task<IReadOnlyList<SubmissionOutcome>> SubmitAsync(IEnumerable<SubmitOrderRequest> requests, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<Order> orders = [.. requests.Select(request => OrderSubmission.ToOrder(request, now))];
        for (var attempt = 1; ; attempt++)
        {
            // What a scope has sent stays with its outbox, so an attempt that stored nothing must not share its scope.
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                return await scope.ServiceProvider.GetRequiredService<OrderSubmission>().SubmitAllAsync(orders, cancellationToken);
            }
            catch (DbUpdateException exception) when (attempt < MaxAttempts && database.IsUniqueViolation(exception))
            {
                // Looks again.
            }
        }
    }
}
