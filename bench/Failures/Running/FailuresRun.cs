using System.Net.Http.Json;
using Npgsql;
using OrderSample.Bench;
using OrderSample.Bench.Running;
using OrderSample.Bench.Shared;
using OrderSample.Failures.Breaking;
using OrderSample.Failures.Reporting;
using OrderSample.Nemesis.Offering;
using OrderSample.Nemesis.Recording;
using OrderSample.Nemesis.Running;

namespace OrderSample.Failures.Running;

/// <summary>What a run is to be.</summary>
/// <param name="Failures">What fails.</param>
/// <param name="Ways">How the system is run meanwhile.</param>
/// <param name="Rounds">How often each.</param>
/// <param name="Rate">Orders a second.</param>
internal sealed record FailuresOptions(IReadOnlyList<Failure> Failures, IReadOnlyList<Way> Ways, int Rounds, int Rate);

/// <summary>One run: a system for each way, and in it each fault, round by round.</summary>
internal static class FailuresRun
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestOrder = TimeSpan.FromMinutes(4);

    /// <summary>A connection's memory of a slow confirm, and of a silent node: a round must not profit from the last one.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(61);

    /// <summary>Redeliveries and timeouts as in production, instead of those of the demo, and room for all orders of the longest pause.</summary>
    private static readonly string[] Settings =
    [
        "--Servers=local", "--Admission:MaxOrdersInFlight=5000",
        "--Saga:StockTimeout=00:02:00", "--Saga:ConfirmTimeout=00:02:00", "--Saga:ReleaseTimeout=00:02:00",
        "--Messaging:Redelivery:Delays:0=00:00:05", "--Messaging:Redelivery:Delays:1=00:00:15", "--Messaging:Redelivery:Delays:2=00:01:00",
    ];

    /// <param name="options">What fails, how and how often.</param>
    /// <param name="keep">Takes the rounds so far, after each fault: what was measured must outlive a later one that ends the run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<Round>> Run(FailuresOptions options, Func<IReadOnlyList<Round>, Task> keep, CancellationToken cancellationToken)
    {
        var rounds = new List<Round>();
        foreach (var way in options.Ways.Where(way => options.Failures.Any(x => x.Ways.Contains(way))))
        {
            await using var system = await RealSystem.Start(way.Name, [.. way.Settings, .. Settings], forwarded: true, cancellationToken, counted: false);
            system.Orders.Timeout = Timeout.InfiniteTimeSpan;
            await Stock(system, cancellationToken);
            var victim = new Victim(system, new SystemShape(way.Nodes));
            await WarmUp(system, victim, options.Rate, cancellationToken);
            foreach (var failure in options.Failures.Where(x => x.Ways.Contains(way)))
            {
                for (var number = 1; number <= options.Rounds; number++)
                {
                    var round = await Once(victim, way, failure, options.Rate, cancellationToken);
                    rounds.Add(round);
                    Progress.Say(FormattableString.Invariant($"{failure.Name}, {way.Name}, round {number} of {options.Rounds}: longest pause in completions {round.Pauses.Completions:0.0} s, in acceptances {round.Pauses.Acceptances:0.0} s"));
                    if (number < options.Rounds)
                        await Task.Delay(Forgotten, cancellationToken);
                }

                await keep(rounds);
            }
        }

        return rounds;
    }

    private static async Task<Round> Once(Victim victim, Way way, Failure failure, int rate, CancellationToken cancellationToken)
    {
        var timeline = new Timeline();
        var scene = new Scene(victim, way, timeline);
        victim.System.Logged += timeline.Hear;
        try
        {
            var customers = new SteadyCustomers(victim.System.Orders, rate, failure.HasHotProduct, cancellationToken);
            var failing = Fail();
            await customers.ComeUntil(failing);
            await failing;
            var orders = await customers.All();
            var completed = await Completed(victim, orders, cancellationToken);
            var pauses = Pauses.Of(orders, completed, timeline.Begin, timeline.End);
            timeline.Note(pauses.From, "the last completion before the longest pause");
            timeline.Note(pauses.From.AddSeconds(pauses.Completions), "the first completion after it");
            return new Round(failure, way, pauses, timeline);
        }
        finally
        {
            victim.System.Logged -= timeline.Hear;
        }

        async Task Fail()
        {
            await Task.Delay(Calm, cancellationToken);
            await failure.Happen(scene, cancellationToken);
            await Task.Delay(Aftermath, cancellationToken);
        }
    }

    /// <summary>When each order was completed. All of them are, in the end: a fault that loses one ends the run.</summary>
    private static async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> Completed(Victim victim, IReadOnlyList<OrderLine> orders, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(LongestOrder);
        Guid[] ids = [.. orders.Select(x => x.OrderId)];
        var completed = new Dictionary<Guid, DateTimeOffset>();
        try
        {
            while (completed.Count < ids.Length)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), enough.Token);
                completed = await ReadCompleted(victim, ids, enough.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{ids.Length - completed.Count} of {ids.Length} orders did not complete within {LongestOrder}, {ids.First(id => !completed.ContainsKey(id))} for one.{victim.System.LastLines()}");
        }

        return completed;
    }

    private static async Task<Dictionary<Guid, DateTimeOffset>> ReadCompleted(Victim victim, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var connection = await victim.Open("orders-db", cancellationToken);
        await using var command = new NpgsqlCommand("""SELECT "CorrelationId", "UpdatedAt" FROM "OrderStates" WHERE "CorrelationId" = ANY($1) AND "CurrentState" = 'Completed'""", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = ids });
        var completed = new Dictionary<Guid, DateTimeOffset>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            completed[reader.GetGuid(0)] = reader.GetFieldValue<DateTimeOffset>(1);
        return completed;
    }

    private static async Task WarmUp(SystemUnderTest system, Victim victim, int rate, CancellationToken cancellationToken)
    {
        var customers = new SteadyCustomers(system.Orders, rate, hot: false, cancellationToken);
        await customers.ComeUntil(Task.Delay(TimeSpan.FromSeconds(20), cancellationToken));
        await Completed(victim, await customers.All(), cancellationToken);
    }

    private static async Task Stock(SystemUnderTest system, CancellationToken cancellationToken)
    {
        using var http = system.Http("inventory-service");
        foreach (var (sku, onHand) in Assortment.Stock)
        {
            using var response = await http.PutAsJsonAsync($"/stock/{sku}", new { name = $"Product {sku}", onHand }, cancellationToken);
            response.EnsureSuccessStatusCode();
        }
    }
}
