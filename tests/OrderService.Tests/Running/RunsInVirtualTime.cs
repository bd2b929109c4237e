using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrderSample.Contracts.Ordering;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.Reconciling;
using OrderSample.OrderService.RefundingPayment;

namespace OrderSample.OrderService.Tests.Running;

/// <summary>Reconciliation in virtual time.</summary>
internal static class RunsInVirtualTime
{
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>No runs but those that a test starts, after the first one.</summary>
    public static (string, string)[] RunsOnDemand { get; } = [("Reconciliation:Interval", "1.00:00:00"), ("Reconciliation:Grace", $"{Grace}")];

    /// <summary>Lets time go by until the first run, which comes by itself, has ended, and messages of now have arrived.</summary>
    public static async Task Settle(this VirtualTime time, Replica orders)
    {
        await time.Until("the first run", () => orders.Query(x => x.ReconciliationRuns.CountAsync(run => run.Status == RunStatus.Completed)), count => count > 0);
        await time.Arrive(orders);
    }

    /// <summary>Lets time go by until what was stored by now has arrived.</summary>
    public static async Task Arrive(this VirtualTime time, Replica orders)
    {
        var now = time.GetUtcNow();
        await time.Until("messages to arrive", () => orders.Request(scope =>
        {
            var arrivals = scope.GetRequiredService<Arrivals>();
            return Task.FromResult((Saga: arrivals.At(OrderSagaDefinition.Queue), Refunds: arrivals.At(RefundConsumer.Queue)));
        }), arrived => arrived.Saga.Until > now && arrived.Refunds.Until > now);
    }

    public static Task<ReconciliationRun?> StartRun(this Replica orders, DateTimeOffset? from = null) => orders.Request(scope =>
        scope.GetRequiredService<Reconciliation>().StartAsync(RunTrigger.Demand, from, CancellationToken.None));

    public static async Task<ReconciliationRun> Run(this VirtualTime time, Replica orders, DateTimeOffset? from = null)
    {
        // So that it is later than the one before.
        time.Advance(TimeSpan.FromSeconds(1));
        var run = (await orders.StartRun(from))!;
        await Waiting.Until(true, async () => (await orders.Run(run.RunId)).FinishedAt is not null, "a run to end");
        return await orders.Run(run.RunId);
    }

    /// <summary>Lets time go by, so that what isn't answered is asked again.</summary>
    public static async Task<ReconciliationRun> Ends(this VirtualTime time, Replica orders, Guid run)
    {
        time.Advance(new ReconciliationOptions().AnswerTimeout);
        return await time.Until($"run {run} to end", () => orders.Run(run), x => x.FinishedAt is not null);
    }

    public static Task<ReconciliationRun> Run(this Replica orders, Guid run) =>
        orders.Query(context => context.ReconciliationRuns.AsNoTracking().SingleAsync(x => x.RunId == run));

    /// <summary>The run's report, over HTTP.</summary>
    public static async Task<RunDetails> Report(this Replica orders, ReconciliationRun run) => await Read<RunDetails>(orders, $"/reconciliation/runs/{run.RunId}");

    /// <summary>How far one can rely on the reports, over HTTP.</summary>
    public static Task<ReconciliationState> ReconciliationState(this Replica orders) => Read<ReconciliationState>(orders, "/reconciliation");

    public static async Task<HealthStatus> Health(this Replica orders, string check) =>
        (await orders.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(x => x.Name == check)).Entries[check].Status;

    /// <summary>Orders that ended a while ago, a second apart.</summary>
    public static Task<Guid[]> Generate(this VirtualTime time, Replica orders, OrderStatus status, int count, bool isReserved = false) => orders.Query(async context =>
    {
        var since = time.GetUtcNow() - TimeSpan.FromHours(1);
        var states = Enumerable.Range(0, count).Select(i => new OrderState
        {
            CorrelationId = Guid.CreateVersion7(since),
            CurrentState = status.ToString(),
            Customer = new Customer("Ada", "ada@example.com", null),
            Lines = Script.Lines,
            Total = 12.50m,
            SubmittedAt = since.AddSeconds(i),
            UpdatedAt = since.AddSeconds(i),
            ReservedAt = isReserved ? since.AddSeconds(i) : null,
        }).ToArray();
        context.AddRange(states);
        await context.SaveChangesAsync();
        return states.Select(state => state.CorrelationId).ToArray();
    });

    private static async Task<T> Read<T>(Replica orders, string path)
    {
        using var http = orders.CreateClient();
        return (await http.GetFromJsonAsync<T>(path, Json))!;
    }
}
