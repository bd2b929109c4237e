using System.Net.Http.Json;
using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrderSample.Messaging.Tests.Running;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrderSample.Messaging.Tests;

/// <summary>What somebody deletes or changes at the broker while the service runs.</summary>
[Collection(ServersCollection.Name)]
public sealed class TheTopologyIsWatched(TestServers servers)
{
    private const string DelayQueue = "jobs_delay_1000ms";
    private static readonly string JobExchange = $"{typeof(Job).Namespace}:{nameof(Job)}";

    private static readonly (string, string)[] Watched = [("Messaging:TopologyInterval", "00:00:01"), ("Messaging:Redelivery:Delays:0", "00:00:01")];

    /// <summary>As when an event's publisher has declared the exchange again: it is there, and leads nowhere.</summary>
    [Fact]
    public async Task When_an_events_exchange_was_deleted_and_its_publisher_declared_it_anew_it_is_bound_again_and_events_arrive()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: Watched);

        await Replace(place, x => x.DeleteExchange(JobExchange), x => x.DeclareEventExchange(JobExchange));

        await Waiting.Until(true, () => ArrivesOne(service), "a job to arrive");
    }

    [Fact]
    public async Task When_a_binding_is_deleted_it_is_made_again()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: Watched);
        await using var broker = await RawBroker.Connect(place);
        var all = await BrokerObjects.Of(place);
        Assert.Contains(all.Bindings, binding => binding.Source == JobExchange);

        foreach (var binding in all.Bindings)
        {
            await (binding.IsToQueue ? broker.UnbindQueue(binding.Source, binding.Destination) : broker.UnbindExchange(binding.Source, binding.Destination));
            await Waiting.Until($"{all}", async () => $"{await BrokerObjects.Of(place)}", $"the binding {binding}");
        }
    }

    /// <summary>Its consumers are stopped: one that runs notices when its queue is deleted, and declares that by itself.</summary>
    [Fact]
    public async Task When_everything_is_deleted_it_is_declared_anew_and_the_log_names_each_thing_once()
    {
        var place = await servers.NewPlace();
        await using (await Service.Start(place, settings: Watched))
        {
        }

        var log = new LogLines();
        await using var service = await Service.Start(place, log, Watched);
        await using var broker = await RawBroker.Connect(place);
        var all = await BrokerObjects.Of(place);
        Assert.Contains(all.Queues, queue => queue.Name == DelayQueue);
        await service.Services.GetRequiredService<IBusControl>().StopAsync();

        foreach (var exchange in all.Exchanges)
            await broker.DeleteExchange(exchange.Name);
        foreach (var queue in all.Queues)
            await broker.DeleteQueue(queue.Name);

        string[] things = [.. all.Queues.Select(queue => $"queue {queue.Name}"), .. all.Exchanges.Select(exchange => $"exchange {exchange.Name}")];
        await Waiting.Until(things.Length, () => Task.FromResult(Mended().Count()), "what was mended");
        Assert.All(things, thing => Assert.Single(Mended(), line => line.StartsWith($"The {thing} was missing", StringComparison.Ordinal)));
        await Waiting.Until($"{all}", async () => $"{await BrokerObjects.Of(place)}", "everything to be back");

        IEnumerable<string> Mended() => log.Lines.Where(line => line.Contains("declared anew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_an_events_exchange_has_lost_its_alternate_exchange_the_service_is_degraded_until_somebody_deletes_it()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: Watched);
        await using var broker = await RawBroker.Connect(place);
        var all = await BrokerObjects.Of(place);
        await Waiting.Until(HealthStatus.Healthy, () => Status(service), "the topology's health");

        await Replace(place, x => x.DeleteExchange(JobExchange), x => x.DeclareExchange(JobExchange));
        var said = await SaysDegraded(service, $"The exchange {JobExchange} exists with other arguments");
        Assert.Contains("alternate-exchange", said, StringComparison.Ordinal);
        Assert.Contains("delete it", said, StringComparison.Ordinal);
        await Waiting.Until(true, () => ArrivesOne(service), "a job to arrive, because the exchange is bound all the same");

        await broker.DeleteExchange(JobExchange);
        await Waiting.Until(HealthStatus.Healthy, () => Status(service), "the topology's health");
        await Waiting.Until($"{all}", async () => $"{await BrokerObjects.Of(place)}", "everything to be as before");
    }

    [Fact]
    public async Task When_a_queue_was_replaced_by_one_with_other_arguments_the_service_is_degraded_until_somebody_deletes_it()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: Watched);
        await using var broker = await RawBroker.Connect(place);

        await Replace(place, x => x.DeleteQueue(DelayQueue), x => x.DeclareQuorumQueue(DelayQueue));
        await SaysDegraded(service, $"The queue {DelayQueue} exists with other arguments");

        await broker.DeleteQueue(DelayQueue);
        await Waiting.Until(HealthStatus.Healthy, () => Status(service), "the topology's health");
    }

    [Fact]
    public async Task When_its_user_may_not_declare_what_is_missing_the_service_is_degraded_until_it_may()
    {
        var place = await servers.NewPlace();
        var user = await NewUser(place);
        await Allow(configure: ".*");
        await using var service = await Service.Start(place with { Broker = user }, settings: Watched);
        await using var broker = await RawBroker.Connect(place);
        await Waiting.Until(HealthStatus.Healthy, () => Status(service), "the topology's health");

        await Allow(configure: $"^(?!{DelayQueue}$).*");
        await broker.DeleteQueue(DelayQueue);
        var said = await SaysDegraded(service, $"This service's user may not declare the queue {DelayQueue}");
        Assert.Contains("Give the user the rights", said, StringComparison.Ordinal);

        await Allow(configure: ".*");
        await Waiting.Until(HealthStatus.Healthy, () => Status(service), "the topology's health");
        Assert.Contains((await BrokerObjects.Of(place)).Queues, queue => queue.Name == DelayQueue);

        async Task Allow(string configure)
        {
            using var allowed = await place.Management.PutAsJsonAsync($"api/permissions/{place.VirtualHost}/{user.UserInfo.Split(':')[0]}", new { configure, write = ".*", read = ".*" });
            allowed.EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task When_the_broker_is_away_the_topology_is_unknown_and_known_again_when_it_is_back()
    {
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: Watched);
        await Waiting.Until(HealthStatus.Healthy, () => Status(service), "the topology's health");

        await servers.Stop("rabbitmq");
        try
        {
            await SaysDegraded(service, "Unknown since");
        }
        finally
        {
            await servers.Start("rabbitmq");
        }

        await Waiting.Until(HealthStatus.Healthy, () => Status(service), "the topology's health");
    }

    /// <summary>
    /// The client tells those who use a connection one after the other that it is lost. One that never returns is what its own mistakes look like
    /// (rabbitmq-dotnet-client's issue 1976): who comes after it is not told.
    /// </summary>
    [Fact]
    public async Task When_an_endpoint_is_not_told_that_its_connection_is_lost_the_service_is_degraded_and_the_endpoint_comes_back()
    {
        const string late = "late";
        var place = await servers.NewPlace();
        await using var service = await Service.Start(place, settings: Watched);
        await OfConnection(service, connection => connection.ConnectionShutdownAsync += (_, _) => Task.Delay(Timeout.Infinite));
        var arrived = 0;
        await ((IReceiveEndpointConnector<IRabbitMqReceiveEndpointConfigurator>)service.Services.GetRequiredService<IBusInstance>()).ConnectReceiveEndpoint(late, (_, endpoint) =>
            endpoint.Handler<LateJob>(_ => Task.FromResult(Interlocked.Increment(ref arrived)))).Ready;

        await place.CutConnections();

        await SaysDegraded(service, $"Nobody consumes from the queue {late}");
        await service.Publish(new LateJob());
        await Waiting.Until(1, () => Task.FromResult(Volatile.Read(ref arrived)), "messages that arrived");
        await Waiting.Until(HealthStatus.Healthy, () => Status(service), "the topology's health");
    }

    private static Task OfConnection(Service service, Action<IConnection> use) =>
        ((IRabbitMqHostConfiguration)service.Services.GetRequiredService<IBusInstance>().HostConfiguration).ConnectionContextSupervisor
            .Send(Pipe.Execute<ConnectionContext>(context => use(context.Connection)));

    /// <summary>Declares something as the services do not. They may be faster, and the broker refuses that.</summary>
    private static Task Replace(Place place, Func<RawBroker, Task> delete, Func<RawBroker, Task> declare) => Waiting.Until(true, async () =>
    {
        await using var broker = await RawBroker.Connect(place);
        try
        {
            await delete(broker);
            await declare(broker);
            return true;
        }
        catch (OperationInterruptedException)
        {
            return false;
        }
    }, "the replacement");

    /// <summary>Publishes a job and asks whether any has arrived so far.</summary>
    private static async Task<bool> ArrivesOne(Service service)
    {
        await service.Publish(new Job(Guid.NewGuid()));
        return await service.Query(x => x.DoneJobs.AnyAsync());
    }

    private static async Task<Uri> NewUser(Place place)
    {
        var user = $"user-of-{place.VirtualHost}";
        using var made = await place.Management.PutAsJsonAsync($"api/users/{user}", new { password = user, tags = "" });
        made.EnsureSuccessStatusCode();
        return new UriBuilder(place.Broker) { UserName = user, Password = user }.Uri;
    }

    /// <summary>Waits for a reason; on a busy machine it may be unknown for a moment first.</summary>
    private static async Task<string> SaysDegraded(Service service, string reason)
    {
        var said = "";
        await Waiting.Until(true, async () =>
        {
            var topology = await Topology(service);
            said = topology.Description ?? "";
            return topology.Status == HealthStatus.Degraded && said.Contains(reason, StringComparison.Ordinal);
        }, $"the topology to be degraded: {reason}");
        return said;
    }

    private static async Task<HealthStatus> Status(Service service) => (await Topology(service)).Status;

    private static async Task<HealthReportEntry> Topology(Service service) =>
        (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "topology")).Entries["topology"];

    private sealed record LateJob;
}
