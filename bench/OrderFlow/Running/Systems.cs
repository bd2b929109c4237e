using OrderSample.Bench.Comparing;
using OrderSample.Bench.Offering;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Running;

/// <summary>The systems of one run, all up at the same time, stocked and warmed up. Only one of them has orders at a time.</summary>
internal sealed class Systems : IAsyncDisposable
{
    private readonly List<SystemUnderTest> _all = [];
    private readonly List<(string Name, Reading Reading)> _first = [];

    private Systems()
    {
    }

    /// <summary>Where they run.</summary>
    public Machine Machine { get; private set; } = null!;

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<(string Name, SystemUnderTest Subject)> All => [.. _all.Select(x => (x.Name, x))];

    /// <summary>How fast each of them was right after its start.</summary>
    /// <param name="part">What the figures are part of.</param>
    public IEnumerable<Figure> First(string part) => _first.GroupBy(x => (x.Reading.Name, x.Reading.Unit))
        .Select(figure => new Figure(part, figure.Key.Name, figure.Key.Unit, [.. figure.Select(x => new Measured(x.Name, [x.Reading.Value]))]));

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
                if (await Throughput.WarmUp(system, options, cancellationToken) is { } reading)
                    systems._first.Add((system.Name, reading));
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
