using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.InventoryService.Data;
using Xunit.Abstractions;

namespace OrderSample.Services.RealServers.Tests.Inventory;

/// <summary>
/// Whatever is asked of the inventory, how often, in whatever sequence and however much of it at once: the answers and
/// the stock are those of an inventory that did one thing after another, in some sequence.
/// </summary>
/// <remarks>How to run a failing scenario again: <see cref="Cases"/>.</remarks>
[Collection(ServersCollection.Name)]
public sealed class Any_commands_at_once(TestServers servers, ITestOutputHelper output)
{
    private const int Scenarios = 400;
    private const int MostWaves = 10;
    private const int LargestWave = 5;

    private readonly Dictionary<string, int> _answers = [];
    private RealInventory _inventory = null!;

    [Theory, OnPostgres, OnSqlServer]
    public async Task Have_the_effect_of_the_same_commands_one_after_another(DatabaseServer on)
    {
        await using var inventory = await RealInventory.Start(await servers.NewPlace(on));
        _inventory = inventory;

        Prop.ForAll(Arb.From(AnyScenario, Smaller), HappensAsync).Check(Cases.Of(Scenarios));

        output.WriteLine(string.Join(", ", _answers.Select(answer => $"{(answer.Key.Length == 0 ? "no answer" : answer.Key)}: {answer.Value}")));
        // Scenarios in which nothing much happens would show nothing.
        Assert.All(["StockReserved", "StockShort", "StockCommitted", "StockReleased", ""], answer => Assert.True(_answers.GetValueOrDefault(answer) > Scenarios, answer));
    }

    private async Task HappensAsync(Scenario scenario)
    {
        var run = new Run(scenario);
        await _inventory.Query(async context =>
        {
            context.Products.AddRange(scenario.OnHand.Select((onHand, product) => new Product { Sku = run.Sku(product), Name = "Test product", OnHand = onHand }));
            return await context.SaveChangesAsync();
        });

        var model = new ModelInventory(scenario, ImmutableDictionary<int, ReservationStatus>.Empty);
        foreach (var wave in scenario.Waves)
        {
            var answers = await Task.WhenAll(wave.Select(command => _inventory.Do(run.MessageFor(command))));
            foreach (var answer in answers)
                _answers[answer] = _answers.GetValueOrDefault(answer) + 1;

            var after = await _inventory.Query(run.ClaimsAsync);
            var before = model;
            model = Sequences(model, [.. wave.Zip(answers)]).FirstOrDefault(possible => possible.ToString() == after)
                ?? throw new Xunit.Sdk.XunitException($"{string.Join(" | ", wave)} answered {string.Join(" | ", answers)} and left {after}; before was {before}. No sequence does that.");
            await _inventory.Query(context => run.StockMustBeThatOfAsync(model, context));
        }
    }

    /// <summary>What can be left by the commands in any sequence that gives these answers.</summary>
    private static IEnumerable<ModelInventory> Sequences(ModelInventory model, ImmutableList<(Command Command, string Answer)> left) =>
        left.IsEmpty
            ? [model]
            : left.Select(next => (next, model.Do(next.Command)))
                .Where(x => x.Item2.Answer == x.next.Answer)
                .SelectMany(x => Sequences(x.Item2.After, left.Remove(x.next)));

    private static Gen<Scenario> AnyScenario =>
        from products in Gen.Choose(1, 3)
        from onHand in Gen.ArrayOf(Gen.Choose(1, 12), products)
        from orders in Gen.Choose(1, 5)
        from quantities in Gen.ArrayOf(AnyOrder(products), orders)
        from waves in Gen.Choose(4, MostWaves)
        from commands in Gen.ArrayOf(AnyWave(orders), waves)
        select new Scenario(onHand, quantities, commands);

    private static Gen<int[]> AnyOrder(int products) =>
        from quantities in Gen.ArrayOf(Gen.Choose(0, 4), products)
        from first in Gen.Choose(1, 4)
        select quantities.Any(quantity => quantity > 0) ? quantities : [first, .. quantities[1..]];

    private static Gen<Command[]> AnyWave(int orders) =>
        from size in Gen.Choose(1, LargestWave)
        from wave in Gen.ArrayOf(
            from order in Gen.Choose(0, orders - 1)
            from ask in Gen.Frequency((4, Gen.Constant(Ask.Reserve)), (3, Gen.Constant(Ask.Commit)), (1, Gen.Constant(Ask.Release)))
            select new Command(order, ask), size)
        select wave;

    /// <summary>The same without a wave, or without a command.</summary>
    private static IEnumerable<Scenario> Smaller(Scenario scenario)
    {
        for (var wave = 0; wave < scenario.Waves.Length; wave++)
        {
            var commands = scenario.Waves[wave];
            yield return scenario with { Waves = [.. scenario.Waves[..wave], .. scenario.Waves[(wave + 1)..]] };
            for (var command = 0; commands.Length > 1 && command < commands.Length; command++)
                yield return scenario with { Waves = [.. scenario.Waves[..wave], [.. commands[..command], .. commands[(command + 1)..]], .. scenario.Waves[(wave + 1)..]] };
        }
    }

    /// <summary>A scenario with products and orders that no other one has.</summary>
    private sealed class Run(Scenario scenario)
    {
        private readonly string _name = $"T-{Guid.NewGuid():N}"[..12];
        private readonly Guid[] _orders = [.. scenario.Orders.Select(_ => Guid.NewGuid())];

        public string Sku(int product) => $"{_name}-{product}";

        public object MessageFor(Command command) => command.Ask switch
        {
            Ask.Reserve => new ReserveStock(_orders[command.Order], scenario.Lines(command.Order, Sku)),
            Ask.Commit => new CommitStock(_orders[command.Order]),
            _ => new ReleaseStock(_orders[command.Order]),
        };

        /// <summary>In the words of the model.</summary>
        public async Task<string> ClaimsAsync(InventoryDbContext context)
        {
            var reservations = await context.Reservations.AsNoTracking().Where(x => _orders.Contains(x.OrderId)).ToListAsync();
            return string.Join(", ", reservations.Select(x => (Order: Array.IndexOf(_orders, x.OrderId), x.Status)).OrderBy(x => x.Order).Select(x => $"{x.Order} {x.Status}"));
        }

        public async Task<bool> StockMustBeThatOfAsync(ModelInventory model, InventoryDbContext context)
        {
            var stock = await context.Products.AsNoTracking().Where(x => x.Sku.StartsWith(_name)).OrderBy(x => x.Sku).ToListAsync();
            Assert.All(stock, product => Assert.InRange(product.Reserved, 0, product.OnHand));
            Assert.Equal(Enumerable.Range(0, scenario.OnHand.Length).Select(model.OnHand), stock.Select(x => x.OnHand));
            Assert.Equal(Enumerable.Range(0, scenario.OnHand.Length).Select(model.Reserved), stock.Select(x => x.Reserved));
            return true;
        }
    }
}
