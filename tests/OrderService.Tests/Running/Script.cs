using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.Contracts.Reconciling;
using OrderSample.Contracts.Reconciling.Commands;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.OrderService.Data;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.OrderService.Tests.Running;

/// <summary>What the other services do when they are asked.</summary>
public sealed class Script
{
    /// <summary>What every order is for.</summary>
    public static IReadOnlyList<StockLine> Lines { get; } = [new("KETTLE", 1)];

    /// <summary>Whether a command is answered.</summary>
    public Predicate<object> Answers { get; set; } = _ => true;

    /// <summary>How many pages of the ledgers are reported before nothing is any more; null: all.</summary>
    public int? Pages { get; set; }

    /// <summary>All stock commands that came.</summary>
    public ConcurrentQueue<object> Commands { get; } = new();

    /// <summary>All orders that were asked about.</summary>
    public ConcurrentQueue<Guid> AskedAbout { get; } = new();

    /// <summary>What is reported of an order's stock; of one that is not here, that it was taken.</summary>
    public ConcurrentDictionary<Guid, StockClaim> Claims { get; } = new();

    /// <summary>All events that customers are told of.</summary>
    public ConcurrentQueue<object> Events { get; } = new();

    /// <summary>What customers were not told, of any order.</summary>
    public ConcurrentDictionary<string, bool> Untold { get; } = new();

    /// <summary>What happens before reservations are reported.</summary>
    public Func<ReportReservations, Task> BeforeReservations { get; set; } = _ => Task.CompletedTask;

    /// <summary>Until when the other services say that they have taken in what came; null: they say nothing.</summary>
    public DateTimeOffset? TakenUntil { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>What they say of their backlog.</summary>
    public string? Backlog => TakenUntil is null ? null : ScriptedServices.Backlog;

    /// <summary>Whether stock that is to be released is.</summary>
    public bool Releases { get; set; } = true;

    public int Count<T>() => Commands.OfType<T>().Count();

    /// <summary>Whether the inventory reports this page.</summary>
    public bool TakesPage() => Pages is null || Pages-- > 0;
}

/// <summary>
/// One process that stands for the inventory and the notification service. Its inbox and outbox are in the order service's
/// database, because that is at hand; the order service doesn't notice.
/// </summary>
internal sealed class ScriptedServices : IAsyncDisposable
{
    /// <summary>What they say of their backlog.</summary>
    public const string Backlog = "The queue has 12 messages.";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;

    private ScriptedServices(WebApplication app) => _app = app;

    public static async Task<ScriptedServices> Start(Place place, VirtualTime time, Script script)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(place.DatabaseSettings("orders-db"));
        builder.Configuration["ConnectionStrings:rabbitmq"] = place.Broker.ToString();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(script);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        builder.AddServiceMessaging<OrderDbContext>(
            builder.AddServiceDatabase<OrderDbContext, PostgresOrderDbContext, SqlServerOrderDbContext>("orders-db"),
            bus =>
            {
                bus.AddConsumerAt<ScriptedInventory>(InventoryAddresses.ReservationsQueue);
                bus.AddConsumerAt<ScriptedReservations>(ReconciliationAddresses.InventoryQueue);
                bus.AddConsumerAt<ScriptedNotifications>(ReconciliationAddresses.NotificationsQueue);
                bus.AddConsumerAt<ScriptedNotices>("notification-email");
            });
        // A test begins when all queues are bound, not before.
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true);

        var services = new ScriptedServices(builder.Build());
        using var timeout = new CancellationTokenSource(Deadline);
        await services._app.StartAsync(timeout.Token);
        return services;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().WaitAsync(Deadline);
        await _app.DisposeAsync().AsTask().WaitAsync(Deadline);
    }
}

/// <summary>Has everything, and gives it to everybody.</summary>
internal sealed class ScriptedInventory(Script script) : IConsumer<ReserveStock>, IConsumer<CommitStock>, IConsumer<ReleaseStock>
{
    public Task Consume(ConsumeContext<ReserveStock> context) => Answer(context, new StockReserved(context.Message.OrderId));

    public Task Consume(ConsumeContext<CommitStock> context) => Answer(context, new StockCommitted(context.Message.OrderId));

    public Task Consume(ConsumeContext<ReleaseStock> context)
    {
        if (script.Releases)
            script.Claims[context.Message.OrderId] = StockClaim.Released;
        return Answer(context, new StockReleased(context.Message.OrderId));
    }

    private async Task Answer<T>(ConsumeContext<T> context, object answer)
        where T : class
    {
        script.Commands.Enqueue(context.Message);
        if (script.Answers(context.Message))
            await context.Publish(answer, answer.GetType());
    }
}

/// <summary>Says how the stock stands.</summary>
internal sealed class ScriptedReservations(Script script) : IConsumer<ReportReservations>, IConsumer<ReportChangedReservations>
{
    public async Task Consume(ConsumeContext<ReportReservations> context)
    {
        var (runId, pageId, orderIds, _) = context.Message;
        if (!script.TakesPage())
            return;
        foreach (var id in orderIds)
            script.AskedAbout.Enqueue(id);
        await script.BeforeReservations(context.Message);
        await context.Publish(new ReservationsReported(
            runId, pageId, [.. orderIds.Select(id => new ReportedReservation(id, script.Claims.GetValueOrDefault(id, StockClaim.Committed), Script.Lines))], Next: null,
            script.TakenUntil, script.Backlog));
    }

    public async Task Consume(ConsumeContext<ReportChangedReservations> context)
    {
        if (script.TakesPage())
            await context.Publish(new ReservationsReported(context.Message.RunId, context.Message.PageId, [], Next: null, script.TakenUntil, script.Backlog));
    }
}

/// <summary>Says that everybody was told everything, but for what is in the script.</summary>
internal sealed class ScriptedNotifications(Script script) : IConsumer<ReportNotifications>
{
    private static readonly string[] Told = ["OrderReserved", "OrderCompleted", "OrderRejected", "OrderCancelled"];

    public async Task Consume(ConsumeContext<ReportNotifications> context)
    {
        var (runId, pageId, orderIds, _) = context.Message;
        await context.Publish(new NotificationsReported(
            runId, pageId, [.. orderIds.SelectMany(id => Told.Where(x => !script.Untold.ContainsKey(x)).Select(x => new ReportedNotification(id, x)))],
            script.TakenUntil, script.Backlog));
    }
}

/// <summary>Takes note of what customers are to be told.</summary>
internal sealed class ScriptedNotices(Script script) : IConsumer<OrderReserved>, IConsumer<PaymentRefunded>
{
    public Task Consume(ConsumeContext<OrderReserved> context) => Note(context.Message);

    public Task Consume(ConsumeContext<PaymentRefunded> context) => Note(context.Message);

    private Task Note(object message)
    {
        script.Events.Enqueue(message);
        return Task.CompletedTask;
    }
}
