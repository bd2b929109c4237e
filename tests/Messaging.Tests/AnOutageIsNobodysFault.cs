using System.Diagnostics;
using System.Net.Http.Json;
using MassTransit;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrderSample.Messaging.Tests.Running;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.Messaging.Tests;

/// <summary>Two failed deliveries park a message here, so that any outage that counted as some would.</summary>
[Collection(ServersCollection.Name)]
public sealed class AnOutageIsNobodysFault(TestServers servers)
{
    private const int Sent = 30;

    private static readonly (string, string)[] Impatient =
    [
        ("Messaging:Outbox:MaxAttempts", "2"), ("Messaging:Outbox:FirstDelay", "00:00:00.100"), ("Messaging:Outbox:DegradedAfter", "00:00:05"),
    ];

    [LocalServersFact]
    public Task When_a_memory_alarm_blocks_the_broker_all_is_delivered_after_it_and_meanwhile_everything_says_so() =>
        AllIsDeliveredAfter("memory", () => servers.Control("set_vm_memory_high_watermark", "0.00001"), () => servers.Control("set_vm_memory_high_watermark", "0.4"));

    [LocalServersFact]
    public Task When_a_disk_alarm_blocks_it_too() =>
        AllIsDeliveredAfter("disk", () => servers.Control("set_disk_free_limit", "100000000000000"), () => servers.Control("set_disk_free_limit", "50000000"));

    /// <summary>As when there is too little space from the start: it greets its clients, and takes nothing.</summary>
    [LocalServersFact]
    public async Task When_a_disk_alarm_blocks_it_the_app_host_does_not_call_it_healthy()
    {
        await servers.Control("set_disk_free_limit", "100000000000000");
        try
        {
            await Waiting.Until(HealthStatus.Unhealthy, () => Task.FromResult(servers.HealthOf("rabbitmq")), "the broker's health");
        }
        finally
        {
            await servers.Control("set_disk_free_limit", "50000000");
        }

        await Waiting.Until(HealthStatus.Healthy, () => Task.FromResult(servers.HealthOf("rabbitmq")), "the broker's health");
    }

    [Fact]
    public Task When_it_is_stopped_too() => AllIsDeliveredAfter("can't be reached", () => servers.Stop("rabbitmq"), () => servers.Start("rabbitmq"));

    /// <summary>MassTransit's own pauses grow from 3 to 30 seconds: a broker that is back would wait that long for its consumers.</summary>
    [Fact]
    public async Task When_it_is_stopped_for_long_an_endpoint_tries_on_at_the_same_pace()
    {
        const int tries = 15;
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place);
        var failed = new FailedConnections();
        service.Services.GetRequiredService<IBus>().ConnectReceiveEndpointObserver(failed);
        await servers.Stop("rabbitmq");
        try
        {
            await Waiting.Until(true, () => Task.FromResult(failed.Count >= tries), $"{tries} tries to connect");
        }
        finally
        {
            await servers.Start("rabbitmq");
        }

        await service.Publish(new Job(Guid.NewGuid()));
        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job");
    }

    [Fact]
    public async Task When_a_timeout_is_due_meanwhile_it_waits_from_then_on_however_often_it_is_tried()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: Impatient);
        var monitor = service.Services.GetRequiredService<IOutboxMonitor>();
        await servers.Stop("rabbitmq");
        try
        {
            var due = DateTime.UtcNow.AddSeconds(5);
            await using (var scope = service.Services.CreateAsyncScope())
            {
                await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().ScheduleSend(new Uri($"exchange:{Service.Queue}"), due, new Job(Guid.NewGuid()));
                await scope.ServiceProvider.GetRequiredService<JobDbContext>().SaveChangesAsync();
            }

            await Waiting.Until(true, () => Task.FromResult(monitor.Current.OldestAge > TimeSpan.FromSeconds(16)), "16 seconds");
            Assert.Equal((DateTime.UtcNow - due).TotalSeconds, monitor.Current.OldestAge.TotalSeconds, tolerance: 2);
        }
        finally
        {
            await servers.Start("rabbitmq");
        }

        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job");
    }

    [Fact]
    public async Task When_a_queue_is_full_for_long_its_messages_wait_and_others_pass()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await broker.DeclareFullQueue("full");
        await using var service = await Service.Start(place, settings: Impatient);
        var state = service.Services.GetRequiredService<OutboxDeliveryState>();
        var monitor = service.Services.GetRequiredService<IOutboxMonitor>();

        // One by one, because the broker takes some more while the news that the queue is full travels.
        for (var sent = 0; sent < 1_000 && state.Refusing.Count == 0; sent++)
            await Send(service, "exchange:full", sent);
        await Send(service, "exchange:full", Sent);

        Assert.Equal("full", Assert.Single(state.Refusing).Key.Segments[^1]);
        await Waiting.Until(true, () => Task.FromResult(monitor.Current.OldestAge > TimeSpan.FromSeconds(10)), "ten seconds");
        await service.Publish(new Job(Guid.NewGuid()));
        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job that goes elsewhere");
        Assert.True(monitor.Current.Count > 0);
        Assert.Equal((0, null), (monitor.Current.Parked, state.Paused));

        await broker.MakeRoom("full");
        await Waiting.Until((0, 0), () => Task.FromResult((monitor.Current.Count, monitor.Current.Parked)), "an empty outbox");
        Assert.Empty(state.Refusing);
    }

    [Fact]
    public async Task When_the_broker_refuses_the_password_for_a_while_messages_wait_and_are_consumed_afterwards()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place with { Broker = await User(place, configure: ".*", write: "^(?!nothing$).*") }, settings: Impatient);
        var state = service.Services.GetRequiredService<OutboxDeliveryState>();
        var user = UserOf(place);
        await SetPassword(place, user, "another");
        await place.CutConnections();
        await Waiting.Until(true, () => Task.FromResult(state.Paused is not null), "delivery to pause");
        await Waiting.Until(true, async () => await Bus(service) != HealthStatus.Healthy, "the bus to be without connection");
        await service.Publish(new Job(Guid.NewGuid()));

        await SetPassword(place, user, user);
        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "the job");
        await Waiting.Until(HealthStatus.Healthy, () => Bus(service), "the bus's health");
    }

    /// <summary>MassTransit gives up for good a bus whose login is refused while it starts, and later an endpoint.</summary>
    [Fact]
    public async Task When_it_refuses_the_login_of_a_bus_or_of_its_endpoints_they_are_started_again()
    {
        var place = await servers.NewPlace();
        await using var logins = new RefusedLogins(place.Broker);
        var starting = Service.Start(place with { Broker = logins.Broker });
        await Waiting.Until(true, () => Task.FromResult(logins.Refused > 0 || starting.IsCompleted), "a refused login");
        logins.Refuses = false;
        await using var service = await starting;
        await service.Publish(new Job(Guid.NewGuid()));
        await Waiting.Until(1, () => service.Query(x => x.DoneJobs.CountAsync()), "a job after the start");

        var before = logins.Refused;
        Assert.True(before > 0);
        logins.Refuses = true;
        await place.CutConnections();
        await Waiting.Until(true, () => Task.FromResult(logins.Refused > before), "a refused login of an endpoint");
        logins.Refuses = false;
        await service.Publish(new Job(Guid.NewGuid()));
        await Waiting.Until(2, () => service.Query(x => x.DoneJobs.CountAsync()), "a job after that");
    }

    [Fact]
    public async Task When_the_broker_closes_the_channel_because_of_one_message_that_one_is_parked_and_the_others_arrive()
    {
        var place = await servers.NewPlace();
        await using (var broker = await RawBroker.Connect(place))
            await broker.DeclareExchange("forbidden");
        await using var service = await Service.Start(place with { Broker = await User(place, configure: ".*", write: "^(?!forbidden$).*") }, settings: Impatient);
        var monitor = service.Services.GetRequiredService<IOutboxMonitor>();

        await using (var scope = service.Services.CreateAsyncScope())
        {
            var forbidden = await scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri("exchange:forbidden"));
            await forbidden.Send(new Job(Guid.NewGuid()));
            foreach (var number in Enumerable.Range(0, Sent))
                await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new Job(Guid.NewGuid(), number));
            await scope.ServiceProvider.GetRequiredService<JobDbContext>().SaveChangesAsync();
        }

        await Waiting.Until(Sent, () => service.Query(x => x.DoneJobs.CountAsync()), "all jobs");
        await Waiting.Until((0, 1), () => Task.FromResult((monitor.Current.Count, monitor.Current.Parked)), "one parked message");
        Assert.Contains("ACCESS_REFUSED", await service.Query(x => x.Set<OutboxMessage>().Select(message => message.LastError).SingleAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_exchange_of_another_service_is_gone_the_message_is_parked_with_that_reason()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place with { Broker = await User(place, configure: "^(?!of-another$).*", write: ".*") }, settings: Impatient);
        var monitor = service.Services.GetRequiredService<IOutboxMonitor>();

        await Send(service, "exchange:of-another", number: 1);

        await Waiting.Until((0, 1), () => Task.FromResult((monitor.Current.Count, monitor.Current.Parked)), "one parked message");
        Assert.Equal("There is no exchange of-another, and only the service that owns it may declare it.",
            await service.Query(x => x.Set<OutboxMessage>().Select(message => message.LastError).SingleAsync()));
    }

    [Fact]
    public async Task When_the_outbox_can_not_be_counted_the_service_says_that_it_does_not_know()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: Impatient);
        using var measured = new Measured();
        var monitor = service.Services.GetRequiredService<IOutboxMonitor>();
        await Waiting.Until(HealthStatus.Healthy, () => Outbox(service), "the outbox's health");

        await service.Query(async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync();
            await context.Database.ExecuteSqlRawAsync("""LOCK TABLE "OutboxMessage" """);
            await Waiting.Until(HealthStatus.Degraded, async () =>
            {
                // The server ends a transaction that is idle for long, and the table would be free again.
                await context.Database.ExecuteSqlRawAsync("SELECT 1");
                return await Outbox(service);
            }, "the outbox's health");
            Assert.NotNull(monitor.UnknownSince);
            Assert.Equal(double.NaN, measured.Now("ordersample.outbox.backlog"));
            return true;
        });

        await Waiting.Until(HealthStatus.Healthy, () => Outbox(service), "the outbox's health");
        Assert.Null(monitor.UnknownSince);
        Assert.Equal(0, measured.Now("ordersample.outbox.backlog"));
    }

    private async Task AllIsDeliveredAfter(string reason, Func<Task> begin, Func<Task> end)
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: Impatient);
        using var measured = new Measured();
        var state = service.Services.GetRequiredService<OutboxDeliveryState>();
        var monitor = service.Services.GetRequiredService<IOutboxMonitor>();
        await begin();
        try
        {
            var since = Stopwatch.GetTimestamp();
            await service.Publish([.. Enumerable.Range(0, Sent).Select(number => new Job(Guid.NewGuid(), number))]);
            await Waiting.Until(HealthStatus.Degraded, () => Outbox(service), "the outbox's health");
            // As long as three deliveries in vain take.
            await Waiting.Until(true, () => Task.FromResult(monitor.Current.OldestAge > TimeSpan.FromSeconds(16)), "16 seconds");
            Assert.Equal(Stopwatch.GetElapsedTime(since).TotalSeconds, monitor.Current.OldestAge.TotalSeconds, tolerance: 2);
            Assert.Contains(reason, state.Paused?.Reason, StringComparison.OrdinalIgnoreCase);
            Assert.Equal((Sent, 0), (monitor.Current.Count, monitor.Current.Parked));
            Assert.Equal(1, measured.Now("ordersample.outbox.paused"));
        }
        finally
        {
            await end();
        }

        await Waiting.Until(Sent, () => service.Query(x => x.DoneJobs.CountAsync()), "all jobs");
        await Waiting.Until((0, 0), () => Task.FromResult((monitor.Current.Count, monitor.Current.Parked)), "an empty outbox");
        await Waiting.Until(HealthStatus.Healthy, () => Outbox(service), "the outbox's health");
        Assert.Null(state.Paused);
        Assert.Equal(0, measured.Now("ordersample.outbox.paused"));
    }

    private static async Task Send(Service service, string address, int number)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var endpoint = await scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri(address));
        await endpoint.Send(new Job(Guid.NewGuid(), number));
        await scope.ServiceProvider.GetRequiredService<JobDbContext>().SaveChangesAsync();
    }

    private static async Task<Uri> User(Place place, string configure, string write)
    {
        var user = UserOf(place);
        await SetPassword(place, user, user);
        using var allowed = await place.Management.PutAsJsonAsync($"api/permissions/{place.VirtualHost}/{user}", new { configure, write, read = ".*" });
        allowed.EnsureSuccessStatusCode();
        return new UriBuilder(place.Broker) { UserName = user, Password = user }.Uri;
    }

    private static string UserOf(Place place) => $"user-of-{place.VirtualHost}";

    private static async Task SetPassword(Place place, string user, string password)
    {
        using var made = await place.Management.PutAsJsonAsync($"api/users/{user}", new { password, tags = "" });
        made.EnsureSuccessStatusCode();
    }

    private static async Task<HealthStatus> Bus(Service service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "masstransit-bus")).Entries["masstransit-bus"].Status;

    private static async Task<HealthStatus> Outbox(Service service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "outbox")).Entries["outbox"].Status;

    private sealed class FailedConnections : IReceiveEndpointObserver
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

        public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

        public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

        public Task Faulted(ReceiveEndpointFaulted faulted) => faulted.InputAddress.AbsolutePath.EndsWith($"/{Service.Queue}", StringComparison.Ordinal)
            ? Task.FromResult(Interlocked.Increment(ref _count))
            : Task.CompletedTask;
    }
}
