using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>
/// The whole system, started once for all tests of this assembly through the AppHost: broker, database and services are
/// processes of their own, on free ports and with data that is removed afterwards.
/// </summary>
public class OrderSystem : IAsyncLifetime
{
    /// <summary>Long enough for any step that works, on a busy machine; one that hangs fails with the logs.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <summary>How long an order waits for its payment here: long enough to survive the faults the tests cause.</summary>
    public static readonly TimeSpan PaymentTimeout = TimeSpan.FromSeconds(20);

    /// <summary>How long reconciliation leaves alone what is still moving.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>How long a client waits for an answer, before it asks again.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Services = ["order-service", "inventory-service", "notification-service", "backoffice"];

    /// <summary>The token of the link that signs the first operator in to the backoffice.</summary>
    public string Token { get; } = Guid.NewGuid().ToString("N");

    private DistributedApplication? _app;
    private ResourceLogs? _logs;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The system has not been started.");

    public OrderApi Orders { get; private set; } = null!;

    public InventoryApi Inventory { get; private set; } = null!;

    public NotificationApi Notifications { get; private set; } = null!;

    public BackofficeApi Backoffice { get; private set; } = null!;

    /// <summary>What the app host is told.</summary>
    protected virtual string[] Settings =>
    [
        $"--Saga:PaymentTimeout={PaymentTimeout}",
        // Runs are started by the tests that need one; what the others break is mended by the system without.
        "--Reconciliation:Interval=1.00:00:00", $"--Reconciliation:Grace={Grace}", "--Reconciliation:AnswerTimeout=00:00:03",
        "--Admission:MaxOrdersInFlight=1000",
        "--Messaging:Outbox:MaxAttempts=8", "--Messaging:Outbox:FirstDelay=00:00:00.250", "--Messaging:Outbox:LongestDelay=00:00:01",
    ];

    /// <summary>The redeliveries that the services have without the demo's, which outlast the loss of a server, and timeouts to match.</summary>
    protected static readonly string[] ProductionRedeliveries =
    [
        "--Messaging:Redelivery:Delays:0=00:00:05", "--Messaging:Redelivery:Delays:1=00:00:15", "--Messaging:Redelivery:Delays:2=00:01:00",
        "--Saga:StockTimeout=00:02:00", "--Saga:ConfirmTimeout=00:02:00", "--Saga:ReleaseTimeout=00:02:00",
    ];

    public async Task InitializeAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>([.. Settings, $"--Parameters:backoffice-token={Token}"], timeout.Token);
        _app = await builder.BuildAsync(timeout.Token);
        _logs = new ResourceLogs(_app.Services);
        try
        {
            await _app.StartAsync(timeout.Token);
            foreach (var service in Services)
                await _app.ResourceNotifications.WaitForResourceHealthyAsync(service, timeout.Token);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"The system did not start.{_logs.LastLines()}", exception);
        }

        Orders = new OrderApi(Client("order-service"), this);
        Inventory = new InventoryApi(Client("inventory-service"), this);
        Notifications = new NotificationApi(Client("notification-service"), this);
        Backoffice = new BackofficeApi(AnonymousBackoffice(), this);
        await Backoffice.SignIn(Token, "ada");
    }

    private HttpClient Client(string service)
    {
        var client = App.CreateHttpClient(service);
        client.Timeout = AnswerTimeout;
        return client;
    }

    /// <summary>The backoffice, for somebody who has not signed in, with cookies of its own.</summary>
    public HttpClient AnonymousBackoffice() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = App.GetEndpoint("backoffice") };

    /// <summary>Another person.</summary>
    public async Task<BackofficeApi> SignedIn(string name, string role = "Operator")
    {
        var person = new BackofficeApi(AnonymousBackoffice(), this);
        await person.SignIn(await Backoffice.MakeToken(role), name);
        return person;
    }

    public virtual async Task DisposeAsync()
    {
        if (_logs is not null)
            await _logs.DisposeAsync().AsTask().WaitAsync(Deadline);
        if (_app is not null)
            await _app.DisposeAsync().AsTask().WaitAsync(Deadline);
    }

    /// <summary>The last log lines of every resource, for the message of a failing test.</summary>
    public string LastLines() => _logs!.LastLines();

    /// <summary>What a resource logged after a moment, as far as it is kept.</summary>
    public string LogOf(string resource, DateTimeOffset since) => _logs!.LinesSince(resource, since);

    /// <summary>Polls until <paramref name="read"/> gives what is <paramref name="wanted"/>.</summary>
    /// <param name="what">What is waited for, for the failure message.</param>
    /// <param name="hopeless">True for a state that can never become the wanted one: fails at once.</param>
    public async Task<T> Eventually<T>(string what, Func<CancellationToken, Task<T>> read, Predicate<T> wanted,
        Predicate<T>? hopeless = null, TimeSpan? deadline = null)
    {
        using var timeout = new CancellationTokenSource(deadline ?? Deadline);
        using var timer = new PeriodicTimer(PollInterval);
        object? last = null;
        try
        {
            do
            {
                try
                {
                    var value = await read(timeout.Token);
                    last = value;
                    if (wanted(value))
                        return value;
                    if (hopeless?.Invoke(value) == true)
                        break;
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException or NpgsqlException { IsTransient: true }
                    or TaskCanceledException { InnerException: TimeoutException })
                {
                    // The service or the database is stopped or just starting, which is what some tests are about.
                    last = exception.Message;
                }
            }
            while (await timer.WaitForNextTickAsync(timeout.Token));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            last = $"{last} (deadline)";
        }

        throw new Xunit.Sdk.XunitException($"Waited for {what}, but got: {last}{_logs?.LastLines()}");
    }
}

/// <summary>Tests that share a running system; they run one after another, because some of them stop a part of it.</summary>
[CollectionDefinition(Name)]
public sealed class SystemCollection : ICollectionFixture<OrderSystem>
{
    public const string Name = "running system";
}

/// <summary>Tests that share another one: those that do little but break it. They are as many minutes as all others together.</summary>
[CollectionDefinition(Name)]
public sealed class BrokenSystemCollection : ICollectionFixture<OrderSystem>
{
    public const string Name = "system that breaks";
}
