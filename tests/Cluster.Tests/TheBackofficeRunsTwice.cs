using System.Net;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using OrderSample.Cluster.Tests.Running;

namespace OrderSample.Cluster.Tests;

[Collection(ReplicatedCollection.Name)]
public sealed class TheBackofficeRunsTwice(ReplicatedSystem system)
{
    private const int Letters = 200;
    private const int Requests = 40;

    [Fact]
    public async Task When_a_person_has_signed_in_at_one_replica_the_other_one_knows_the_person()
    {
        // A connection for each request: whichever replica it leads to.
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero };
        using var http = new HttpClient(handler) { BaseAddress = system.App.GetEndpoint("backoffice") };
        var person = new BackofficeApi(http, system);
        await person.SignIn(await system.Backoffice.MakeToken("Viewer"), "grace");
        for (var i = 0; i < Requests; i++)
        {
            using var response = await http.GetAsync("/dead-letters");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task When_one_is_killed_while_both_collect_dead_letters_there_is_one_case_for_each()
    {
        var queue = $"desk-{Guid.NewGuid():N}";
        string[] messageIds = [.. Enumerable.Range(0, Letters).Select(i => $"{queue}-{i}")];
        using var broker = await Broker.Of(system.App);
        await broker.Declare($"{queue}_error");
        var (killed, process) = (await system.Running("backoffice", replicas: 2)).First();
        for (var i = 0; i < Letters; i++)
        {
            await broker.Publish(Broker.DefaultExchange, $"{queue}_error", Encoding.UTF8.GetBytes("{}"), messageIds[i]);
            if (i == Letters / 2)
            {
                await system.Backoffice.Collected($"{queue}_error", 1);
                await system.KillReplica(killed, process);
            }
        }

        var letters = await system.Backoffice.Collected($"{queue}_error", Letters);
        Assert.Equal(messageIds.Order(), letters.Select(x => x.MessageId).Order());
        Assert.DoesNotContain(letters, x => x.Attempts != 1);
        await system.Eventually("the queue to be empty", _ => broker.Count($"{queue}_error"), count => count == 0);
        await system.StartReplica(killed);
    }

    /// <summary>As the console does it, whose button is for the service and not for a replica.</summary>
    [Fact]
    public async Task When_a_service_is_stopped_and_started_all_its_replicas_are()
    {
        var service = system.App.Services.GetService(typeof(DistributedApplicationModel)) is DistributedApplicationModel model
            ? model.Resources.Single(x => x.Name == "notification-service") : throw new InvalidOperationException("There is no model.");
        var before = await system.Running(service.Name, replicas: 2);

        await system.App.ResourceCommands.ExecuteCommandAsync(service, KnownResourceCommands.StopCommand).WaitAsync(OrderSystem.Deadline);
        await system.Eventually("both processes to end", _ => Task.FromResult(before.Values.Count(process => Directory.Exists($"/proc/{process}"))), left => left == 0);

        Assert.True((await system.App.ResourceCommands.ExecuteCommandAsync(service, KnownResourceCommands.StartCommand).WaitAsync(OrderSystem.Deadline)).Success);
        var after = await system.Running(service.Name, replicas: 2);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync(service.Name).WaitAsync(OrderSystem.Deadline);
    }
}
