using System.Collections.Concurrent;
using System.Diagnostics;
using OrderSample.Nemesis.Recording;

namespace OrderSample.Nemesis.Offering;

/// <summary>Orders at a fixed rate, each with a customer of its own.</summary>
internal sealed class Load(HttpClient orders, History history, int seed, int rate)
{
    /// <summary>Before the end nobody leaves an order unpaid any more: the run would only wait for it.</summary>
    private static readonly TimeSpan NoUnpaid = TimeSpan.FromSeconds(45);

    private readonly ConcurrentBag<Task<OrderLine>> _customers = [];

    /// <summary>Orders offered so far.</summary>
    public int Offered => _customers.Count;

    /// <summary>Customers that have not got all their answers yet.</summary>
    public int Busy => _customers.Count(x => !x.IsCompleted);

    /// <summary>Offers orders for so long.</summary>
    /// <param name="time">How long.</param>
    /// <param name="cancellationToken">Ends it, and has all customers give up.</param>
    public async Task Offer(TimeSpan time, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var number = 0; number < rate * time.TotalSeconds; number++)
        {
            var meant = TimeSpan.FromSeconds(number / (double)rate);
            var early = meant - Stopwatch.GetElapsedTime(begin);
            if (early > TimeSpan.Zero)
                await Task.Delay(early, cancellationToken);
            var intent = Intent.Of(seed, number, mayStayUnpaid: meant < time - NoUnpaid);
            _customers.Add(Task.Run(() => Serve(intent, cancellationToken), CancellationToken.None));
        }
    }

    /// <summary>All orders, when their customers are done or have given up.</summary>
    public async Task<IReadOnlyList<OrderLine>> All() => await Task.WhenAll(_customers);

    private async Task<OrderLine> Serve(Intent intent, CancellationToken cancellationToken)
    {
        var order = await new Customer(orders, intent).Order(cancellationToken);
        history.Write(order);
        return order;
    }
}
