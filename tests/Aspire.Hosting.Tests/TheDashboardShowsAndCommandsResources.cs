using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Messages;
using Aspire.Hosting.Tests.Running;
using Resource = Aspire.Hosting.ApplicationModel.Resource;

namespace Aspire.Hosting.Tests;

public sealed class TheDashboardShowsAndCommandsResources : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(90));

    [Fact]
    public async Task When_the_dashboard_asks_for_the_resources_the_first_answer_has_them_all()
    {
        var builder = NewBuilder("--Parameters:greeting=hello", "--Parameters:password=secret");
        builder.AddParameter("greeting");
        builder.AddParameter("password", secret: true);
        var server = builder.AddExecutable("server", "/bin/sleep", ".", "1000").WithHttpEndpoint().WithAnnotation(new ReplicaAnnotation(2));
        builder.AddResource(new Part("part", server.Resource));
        builder.AddExecutable("client", "/bin/false", ".").WaitFor(server);
        await using var app = await Start(builder);
        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.TerminalStates, _deadline.Token);
        using var dashboard = new DashboardClient(app);

        var first = await dashboard.Ask<ResourcesUpdate>("WatchResources", new WatchResourcesRequest(), _deadline.Token);

        var shown = first.Initial.Resources.Where(x => !x.IsHidden).ToLookup(x => x.DisplayName);
        Assert.Equal(["client", "greeting", "part", "password", "server"], shown.Select(x => x.Key).Order(StringComparer.Ordinal));
        Assert.Equal(("hello", false), ValueOf(shown["greeting"].Single(), "Value"));
        Assert.Equal(("secret", true), ValueOf(shown["password"].Single(), "Value"));

        var replicas = shown["server"].ToList();
        Assert.Equal(2, replicas.Select(x => x.Name).Distinct().Count());
        Assert.All(replicas, x => Assert.Equal(("Executable", "Running"), (x.ResourceType, x.State)));
        Assert.All(replicas, x => Assert.StartsWith("http://localhost:", x.Urls.Single().FullUrl, StringComparison.Ordinal));
        Assert.All(replicas, x => Assert.Equal([CommandState.Hidden, CommandState.Enabled, CommandState.Enabled], x.Commands.Select(c => c.State)));
        Assert.Contains(ValueOf(shown["part"].Single(), "resource.parentName").Value, replicas.Select(x => x.Name));

        var client = shown["client"].Single();
        Assert.Equal("Finished", client.State);
        Assert.Equal(1, client.Properties.Single(x => x.Name == "resource.exitCode").Value.NumberValue);
        Assert.Equal([CommandState.Enabled, CommandState.Hidden, CommandState.Disabled], client.Commands.Select(x => x.State));
        Assert.Equal(("server", "WaitFor"), (client.Relationships.Single().ResourceName, client.Relationships.Single().Type));
    }

    [Fact]
    public async Task When_a_process_is_stopped_and_started_there_it_stops_and_starts_and_the_dashboard_hears_of_it()
    {
        var builder = NewBuilder();
        builder.AddExecutable("sleeper", "/bin/sleep", ".", "1000");
        await using var app = await Start(builder);
        var first = await Running(app, "sleeper");
        using var dashboard = new DashboardClient(app);
        await using var changes = dashboard.Watch<ResourcesUpdate>("WatchResources", new WatchResourcesRequest(), _deadline.Token).GetAsyncEnumerator();

        Assert.Equal(CommandOutcome.Succeeded, (await Execute(dashboard, first.ResourceId, "stop")).Outcome);
        await Until(changes, first.ResourceId, x => x.State == "Finished");
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(ProcessId(first)));

        Assert.Equal(CommandOutcome.Succeeded, (await Execute(dashboard, first.ResourceId, "start")).Outcome);
        await Until(changes, first.ResourceId, x => x.State == "Running");
        var second = await Running(app, "sleeper");

        Assert.Equal(CommandOutcome.Succeeded, (await Execute(dashboard, first.ResourceId, "restart")).Outcome);
        await Until(changes, first.ResourceId, x => x.State == "Finished");
        await Until(changes, first.ResourceId, x => x.State == "Running");
        Assert.Equal(3, new[] { first, second, await Running(app, "sleeper") }.Select(ProcessId).Distinct().Count());

        var refused = await Execute(dashboard, first.ResourceId, "explode");
        Assert.Equal(CommandOutcome.Failed, refused.Outcome);
        Assert.Contains("explode", refused.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_a_console_is_watched_it_shows_what_this_replica_wrote_and_then_what_it_writes()
    {
        using var go = new TemporaryFile();
        var builder = NewBuilder();
        builder.AddExecutable("talker", "/bin/sh", ".", "-c", $"echo I am $$; until [ -e {go.Path} ]; do sleep 0.1; done; echo and I go on; sleep 1000")
            .WithAnnotation(new ReplicaAnnotation(2));
        await using var app = await Start(builder);
        using var dashboard = new DashboardClient(app);
        var replica = await Running(app, "talker");

        var request = new ConsoleLogsRequest { ResourceName = replica.ResourceId };
        await using var console = dashboard.Watch<ConsoleLogs>("WatchResourceConsoleLogs", request, _deadline.Token).GetAsyncEnumerator();
        Assert.EndsWith($"Z I am {ProcessId(replica)}", await NextLine(console), StringComparison.Ordinal);
        go.Create();
        Assert.EndsWith("Z and I go on", await NextLine(console), StringComparison.Ordinal);

        var written = await dashboard.Ask<ConsoleLogs>("WatchResourceConsoleLogs", new ConsoleLogsRequest { ResourceName = replica.ResourceId, SuppressFollow = true }, _deadline.Token);
        Assert.Equal(2, written.Lines.Count);
    }

    [Fact]
    public async Task When_a_call_comes_without_the_key_it_is_refused()
    {
        const int Unauthenticated = 16;
        var builder = NewBuilder();
        builder.AddExecutable("sleeper", "/bin/sleep", ".", "1000");
        await using var app = await Start(builder);
        var running = await Running(app, "sleeper");
        using var stranger = new DashboardClient(app, withKey: false);

        await foreach (var _ in stranger.Watch<ResourcesUpdate>("WatchResources", new WatchResourcesRequest(), _deadline.Token))
            Assert.Fail("A stranger was told of the resources.");
        Assert.Equal(Unauthenticated, stranger.Status);
        await foreach (var _ in stranger.Watch<CommandResponse>("ExecuteResourceCommand", new CommandRequest { ResourceName = running.ResourceId, CommandName = "stop" }, _deadline.Token))
            Assert.Fail("A stranger's command was executed.");
        Assert.Equal(Unauthenticated, stranger.Status);
        Assert.True(app.ResourceNotifications.TryGetCurrentState(running.ResourceId, out var still) && still.Snapshot.State?.Text == "Running");
    }

    public void Dispose() => _deadline.Dispose();

    /// <summary>With all that the dashboard talks to, and in place of the dashboard a program that ends at once.</summary>
    private static IDistributedApplicationBuilder NewBuilder(params string[] args) => DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        Args = [.. args, "--DcpPublisher:RandomizePorts=true", "--ASPIRE_DASHBOARD_PATH=/bin/true"],
        ProjectDirectory = Path.GetTempPath(),
    });

    private async Task<DistributedApplication> Start(IDistributedApplicationBuilder builder)
    {
        var app = builder.Build();
        await app.StartAsync(_deadline.Token);
        return app;
    }

    private Task<ResourceEvent> Running(DistributedApplication app, string resource) => app.ResourceNotifications.WaitForResourceAsync(resource,
        x => x.Snapshot.State?.Text == KnownResourceStates.Running && x.Snapshot.Properties.Any(p => p.Name == "executable.pid"), _deadline.Token);

    private static int ProcessId(ResourceEvent resource) => (int)resource.Snapshot.Properties.Single(x => x.Name == "executable.pid").Value!;

    private Task<CommandResponse> Execute(DashboardClient dashboard, string id, string command) =>
        dashboard.Ask<CommandResponse>("ExecuteResourceCommand", new CommandRequest { ResourceName = id, CommandName = command }, _deadline.Token);

    private static async Task Until(IAsyncEnumerator<ResourcesUpdate> changes, string id, Func<Dashboard.Messages.Resource, bool> reached)
    {
        while (await changes.MoveNextAsync())
        {
            if (changes.Current.Changes?.Changes.Any(x => x.Upsert.Name == id && reached(x.Upsert)) == true)
                return;
        }

        Assert.Fail($"The stream ended before {id} was as expected.");
    }

    private static async Task<string> NextLine(IAsyncEnumerator<ConsoleLogs> console)
    {
        Assert.True(await console.MoveNextAsync());
        return Assert.Single(console.Current.Lines).Text;
    }

    private static (string Value, bool IsSensitive) ValueOf(Dashboard.Messages.Resource resource, string property) =>
        resource.Properties.Where(x => x.Name == property).Select(x => (x.Value.StringValue, x.IsSensitive)).Single();

    private sealed class Part(string name, IResource parent) : Resource(name), IResourceWithParent
    {
        public IResource Parent { get; } = parent;
    }

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"go-{Guid.NewGuid():N}"));

        public void Create() => File.WriteAllText(Path, "");

        public void Dispose() => File.Delete(Path);
    }
}
