using System.Globalization;
using System.Net.Http.Json;
using OrderSample.Bench;
using OrderSample.Bench.Running;
using OrderSample.EndToEnd.Tests.Running;
using OrderSample.Nemesis.Checking;
using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Offering;
using OrderSample.Nemesis.Recording;
using OrderSample.Nemesis.Scheduling;

namespace OrderSample.Nemesis.Running;

/// <summary>One run: a system of its own, orders and faults at once, then peace, and a look at everything.</summary>
internal static class NemesisRun
{
    /// <summary>How long an order waits for its payment here.</summary>
    private static readonly TimeSpan PaymentTimeout = TimeSpan.FromMinutes(1);

    /// <summary>What the last order may need after the last fault: its payment's timeout, the longest redelivery, commands sent again, and reconciliation.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(4);

    /// <summary>Starts the system, breaks it, and checks it. All of it is removed at the end, however it ends.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Heals what is broken, and stops.</param>
    public static async Task<Verdict> Run(NemesisOptions options, CancellationToken cancellationToken)
    {
        var startedAt = DateTimeOffset.UtcNow;
        using var history = new History(Path.Combine(options.Output, string.Create(CultureInfo.InvariantCulture, $"{startedAt:yyyyMMdd-HHmmss}-seed-{options.Seed}.jsonl")));
        history.Write(options.ToLine(startedAt));
        history.Write(options.Schedule);
        Progress.Say($"seed {options.Seed}, {options.Schedule.Count} faults, history {history.File}");

        var token = Guid.NewGuid().ToString("N");
        await using var system = await RealSystem.Start("the system to be broken", Settings(options, token), forwarded: true, cancellationToken, counted: false);
        var victim = new Victim(system, options.Shape);
        await Stock(system, cancellationToken);
        var messages = new MessageLedger(victim.Open);
        await messages.Begin(cancellationToken);
        system.Orders.Timeout = Timeout.InfiniteTimeSpan;

        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = new Load(system.Orders, history, options.Seed, options.Rate);
        await using var bindings = new BindingsWatch(victim, history);
        await bindings.Begin(cancellationToken);
        await using var partitions = new PartitionWatch(victim);
        var offering = load.Offer(options.Time, givenUp.Token);
        var breaking = new FaultRunner(victim, FaultKinds.All, history).Run(options.Schedule, cancellationToken);
        var faults = await Whole(breaking, offering, load, givenUp, history);
        Progress.Say($"{load.Offered} orders offered, all faults healed");

        using var person = new Operator(system, token);
        var ledgers = new Ledgers(victim);
        var health = new HealthWatch(victim).All(cancellationToken);
        var settled = await new Settling(ledgers, messages, load, person, bindings, faults).Wait(Settled, cancellationToken);
        await givenUp.CancelAsync();
        // What has not settled differs anyway.
        var discrepancies = settled is null ? [] : await new LastReconciliation(system, startedAt).Find(cancellationToken);
        var left = await ledgers.Left(cancellationToken);
        await bindings.End(cancellationToken);
        var facts = new Facts
        {
            Offered = await load.All(),
            Orders = await ledgers.Orders(cancellationToken),
            Stock = await ledgers.Stock(cancellationToken),
            Messages = await messages.Read(cancellationToken),
            Queues = left.Queues,
            Outboxes = left.Outboxes,
            DeadLetters = await ledgers.DeadLetters(cancellationToken),
            Mails = ledgers.Mails(),
            Discrepancies = discrepancies,
            Health = await health,
            Ended = [.. options.Shape.Processes.Where(process => !victim.Runs(process))],
            Faults = faults,
            Gaps = bindings.Gaps,
            PaymentTimeout = PaymentTimeout,
        };
        var violations = Rules.Check(facts);
        history.Write(new VerdictLine(facts.Accepted.Count(), [.. violations.Select(x => x.ToString())]));
        return new Verdict(options, facts, violations, settled, person.Replayed, person.Sent, history.File, system.LastLines());
    }

    /// <summary>Waits for faults and orders, both. A fault that can't be healed ends the run: nobody could tell it from one of the system's.</summary>
    private static async Task<IReadOnlyList<FaultLine>> Whole(Task<IReadOnlyList<FaultLine>> breaking, Task offering, Load load, CancellationTokenSource givenUp, History history)
    {
        var healing = Heal();
        await Task.WhenAll(healing, offering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (healing.Exception?.GetBaseException() is InvalidOperationException failure)
            history.Write(new VerdictLine((await load.All()).Count, [$"No verdict. {failure.Message}"]));
        var faults = await healing;
        await offering;
        return faults;

        async Task<IReadOnlyList<FaultLine>> Heal()
        {
            try
            {
                return await breaking;
            }
            catch
            {
                await givenUp.CancelAsync();
                throw;
            }
        }
    }

    private static string[] Settings(NemesisOptions options, string token) =>
    [
        "--Chaos:Enabled=true", $"--Saga:PaymentTimeout={PaymentTimeout}", "--Reconciliation:Interval=00:00:30", "--Reconciliation:Grace=00:00:10",
        // Given up within eight seconds: an outage that counted as an attempt would end in parking.
        "--Messaging:Outbox:MaxAttempts=6", "--Messaging:Outbox:FirstDelay=00:00:00.250", "--Messaging:Outbox:LongestDelay=00:00:05",
        // What servers complain of while they are broken is in the last log lines, should it matter.
        "--Logging:LogLevel:OrderSample.AppHost.Resources=None",
        $"--Parameters:backoffice-token={token}", .. options.Shape.Nodes > 1 ? (string[])[$"--cluster={options.Shape.Nodes}"] : [],
        options.Shape.InContainers ? "--Servers=containers" : "--Servers=local",
    ];

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
