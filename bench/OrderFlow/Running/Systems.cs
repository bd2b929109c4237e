using OrderSample.Bench.Comparing;
using OrderSample.Bench.Offering;
using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Running;

/// <summary>The systems of one run, all up at the same time, stocked and warmed up. Only one of them has orders at a time.</summary>
internal sealed class Systems : IAsyncDisposable
{
    private readonly List<SystemUnderTest> _all = [];

    private Systems()
    {
    }

    /// <summary>Where they run.</summary>
    public Machine Machine { get; private set; } = null!;

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<(string Name, SystemUnderTest Subject)> All => [.. _all.Select(x => (x.Name, x))];

    public static async Task<Systems> Start(BenchOptions options, CancellationToken cancellationToken, params Func<CancellationToken, Task<SystemUnderTest>>[] starts)
    {
        var load = await Machine.LoadNow(cancellationToken);
        var systems = new Systems();
        try
        {
            foreach (var start in starts)
                systems._all.Add(await start(cancellationToken));
            var first = systems._all[0];
            var servers = $"PostgreSQL {await first.Statements.Version(cancellationToken)}, RabbitMQ {await first.Messages.Version(cancellationToken)}";
            systems.Machine = await Machine.Describe(servers, cancellationToken) with { Load = load };
            foreach (var system in systems._all)
            {
                await Assortment.Stock(system, cancellationToken);
                await Throughput.WarmUp(system, options, cancellationToken);
            }

            return systems;
        }
        catch
        {
            await systems.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var system in _all)
            await system.DisposeAsync();
    }
}
