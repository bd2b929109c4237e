using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.Reconciling;
using OrderSample.ServiceDefaults.Messaging.Backlog;
using OrderSample.Services.Tests.Ordering;

namespace OrderSample.Services.Tests.Persistence;

/// <summary>What is asked in C# can be written for SQL Server, too: EF Core finds out only when it is asked.</summary>
public sealed class Queries_of_SQL_Server
{
    private static readonly ReconciliationRun Run = new()
    {
        RunId = Guid.NewGuid(),
        Trigger = RunTrigger.Demand,
        StartedAt = DateTimeOffset.UnixEpoch,
        From = DateTimeOffset.UnixEpoch,
        To = DateTimeOffset.UnixEpoch,
        AfterAt = DateTimeOffset.UnixEpoch,
        MovesWatermark = true,
    };

    [Fact]
    public async Task For_what_is_wrong_with_orders_and_payments()
    {
        var statements = await StatementNotes.All<SqlServerOrderDbContext>(async context =>
        {
            await Ledgers(context).FindStuckAsync(Run, 10, CancellationToken.None);
            await Ledgers(context).FindPaymentsAsync(Run, 10, CancellationToken.None);
            await Ledgers(context).StillWrongAsync([Guid.NewGuid()], CancellationToken.None);
        });
        Assert.Equal(9, statements.Count);
    }

    [Theory]
    [InlineData(RunPhase.Orders)]
    [InlineData(RunPhase.Earlier)]
    public async Task For_a_page_of_orders_to_reconcile(RunPhase phase)
    {
        Run.Phase = phase;
        var statements = await StatementNotes.All<SqlServerOrderDbContext>(async context =>
        {
            var reconciliation = new Reconciliation(
                context, null!, Ledgers(context), null!, null!, null!, Options.Create(new ReconciliationOptions()), TimeProvider.System, NullLogger<Reconciliation>.Instance);
            await reconciliation.PageAsync(Run, CancellationToken.None);
            await reconciliation.OrderIdsOfPageAsync(Run, CancellationToken.None);
        });
        Assert.Equal(2, statements.Count);
    }

    [Fact]
    public async Task For_what_earlier_runs_found_and_is_gone() => Assert.Single(await StatementNotes.All<SqlServerOrderDbContext>(context =>
        new Report(context, null!, null!, TimeProvider.System, NullLogger<Report>.Instance)
            .ResolveAsync(Run, [Guid.NewGuid()], [DiscrepancyKind.StockHeld], [], CancellationToken.None)));

    [Fact]
    public async Task For_groups_of_dead_letters() =>
        Assert.Single(await StatementNotes.All<SqlServerBackofficeDbContext>(context => ListGroups.ListAsync(context, CancellationToken.None)));

    [Fact]
    public async Task For_what_waits_in_an_outbox() => Assert.Single(await StatementNotes.All<SqlServerOrderDbContext>(context =>
        OutboxBacklog.CountAsync(context, DateTime.UtcNow, CancellationToken.None)));

    private static OwnLedgers Ledgers(OrderDbContext context) => new(context, Options.Create(new SagaOptions()));

    /// <summary>Nobody answers, which makes it 503; a query that can't be written is 500.</summary>
    [Theory]
    [InlineData("/orders")]
    [InlineData("/orders?status=Submitted")]
    [InlineData("/orders?status=Completed")]
    [InlineData("/orders?search=ada&status=Completed&from=2026-01-01&to=2026-01-02&limit=10")]
    [InlineData("/orders?search=11111111-1111-1111-1111-111111111111")]
    [InlineData("/orders/counts")]
    [InlineData("/orders/counts?search=ada&from=2026-01-01")]
    [InlineData("/orders/11111111-1111-1111-1111-111111111111")]
    [InlineData("/outbox/parked")]
    [InlineData("/reconciliation")]
    [InlineData("/reconciliation/runs/66666666-6666-6666-6666-666666666666")]
    public async Task For_what_is_asked_over_http(string path)
    {
        var api = new OrderApi
        {
            Settings =
            {
                ["Database:Provider"] = "SqlServer",
                ["ConnectionStrings:orders-db"] = "Server=127.0.0.1,1;User ID=nobody;Password=none;Connect Timeout=5;ConnectRetryCount=0",
            },
        };
        await api.InitializeAsync();
        try
        {
            using var answer = await api.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
        finally
        {
            await api.DisposeAsync();
        }
    }
}
