using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.Reconciling;
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
        var statements = await StatementNotes.All<SqlServerOrderDbContext>(context =>
            new OwnLedgers(context, Options.Create(new SagaOptions())).FindAsync(Run, 10, CancellationToken.None));
        Assert.Equal(7, statements.Count);
    }

    [Fact]
    public async Task For_a_page_of_orders_to_reconcile() => Assert.Single(await StatementNotes.All<SqlServerOrderDbContext>(context =>
        new Reconciliation(context, null!, null!, null!, null!, Options.Create(new ReconciliationOptions()), TimeProvider.System, NullLogger<Reconciliation>.Instance)
            .PageAsync(Run, CancellationToken.None)));

    [Fact]
    public async Task For_groups_of_dead_letters() =>
        Assert.Single(await StatementNotes.All<SqlServerBackofficeDbContext>(context => ListGroups.ListAsync(context, CancellationToken.None)));

    /// <summary>Nobody answers, which makes it 503; a query that can't be written is 500.</summary>
    [Theory]
    [InlineData("/orders?status=Completed")]
    [InlineData("/orders/11111111-1111-1111-1111-111111111111")]
    [InlineData("/outbox/parked")]
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
