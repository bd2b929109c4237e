using OrderSample.Nemesis.Offering;
using OrderSample.Nemesis.Recording;

namespace OrderSample.Failures.Running;

/// <summary>Customers who come at a steady pace, place an order and pay it: a pause in what is accepted or completed is the system's.</summary>
internal sealed class SteadyCustomers(HttpClient orders, int rate, bool hot, CancellationToken cancellationToken)
{
    private readonly List<Task<OrderLine>> _customers = [];

    /// <summary>How many have come.</summary>
    public int Count => _customers.Count;

    /// <summary>They come until the task that is given ends.</summary>
    public async Task ComeUntil(Task over)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate));
        while (!over.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken))
        {
            var sku = Assortment.Skus(hot ? 0 : _customers.Count, 1).First();
            var intent = new Intent(Guid.NewGuid(), Guid.NewGuid(), OrderPlan.Paid, [new Line(sku, 1)], TimeSpan.Zero);
            _customers.Add(Task.Run(() => new Customer(orders, intent).Order(cancellationToken), cancellationToken));
        }
    }

    /// <summary>All orders, when all of them are accepted and paid.</summary>
    public async Task<IReadOnlyList<OrderLine>> All() => await Task.WhenAll(_customers);
}
