using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using OrderSample.Bench.Measuring;
using OrderSample.EndToEnd.Tests.Running;
using OrderSample.Servers.Containers;

namespace OrderSample.Bench.Running;

/// <summary>
/// A running system that takes orders: broker, database and services, all processes of its own, on free ports and with data
/// that is removed with it. The real one and the twin have the same names for the same things.
/// </summary>
internal sealed class SystemUnderTest : IAsyncDisposable
{
    public const string Broker = "rabbitmq";
    public const string Database = "postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DistributedApplication _app;
    private readonly IReadOnlyDictionary<string, int> _replicas;
    private readonly ResourceLogs _logs;

    private SystemUnderTest(string name, DistributedApplication app, IReadOnlyDictionary<string, int> replicas)
    {
        Name = name;
        _app = app;
        _replicas = replicas;
        _logs = new ResourceLogs(app.Services, (instance, line) => Logged?.Invoke(instance, line));
    }

    /// <summary>Tells of each line that an instance of a resource logs.</summary>
    public event Action<string, string>? Logged;

    /// <summary>What it is called in the results.</summary>
    public string Name { get; }

    /// <summary>The order service.</summary>
    public HttpClient Orders { get; private set; } = null!;

    /// <summary>The broker's management interface.</summary>
    public BrokerStatistics Messages { get; private set; } = null!;

    /// <summary>What the database server counts.</summary>
    public DatabaseStatistics Statements { get; private set; } = null!;

    /// <summary>Everything that runs for this system, by its resource's name.</summary>
    public IEnumerable<string> Processes => _replicas.Keys.Union([Database, Broker]);

    /// <summary>Starts it, and waits until it takes orders.</summary>
    /// <param name="name">What it is called in the results.</param>
    /// <param name="builder">Describes it.</param>
    /// <param name="build">Builds what is described.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="forwarded">Whether the engine's forwarding of ports is to be measured, too: replicas have one port.</param>
    /// <param name="counted">Whether statements are counted, for which the database server starts twice; without it there are no <see cref="Statements"/>.</param>
    public static async Task<SystemUnderTest> Start(string name, IDistributedApplicationBuilder builder,
        Func<CancellationToken, Task<DistributedApplication>> build, CancellationToken cancellationToken, bool forwarded = false, bool counted = true)
    {
        Progress.Say($"starting {name} ...");
        // Not those that are for somebody to start: a spare node, and what Aspire has for each project to build it anew.
        var services = builder.Resources.Where(x => x is ProjectResource or ExecutableResource && !x.HasAnnotationOfType<ExplicitStartupAnnotation>())
            .ToDictionary(x => x.Name, x => x.GetReplicaCount());
        foreach (var endpoint in builder.Resources.Where(x => !forwarded && services.ContainsKey(x.Name)).SelectMany(x => x.Annotations.OfType<EndpointAnnotation>()))
            (endpoint.IsProxied, endpoint.Port) = (false, null);

        var system = new SystemUnderTest(name, await build(cancellationToken), services);
        try
        {
            await system.StartAll(counted, cancellationToken);
            return system;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var lines = system.LastLines();
            await system.DisposeAsync();
            throw new InvalidOperationException($"The system {name} did not start.{lines}", exception);
        }
    }

    /// <summary>What its processes logged last, to tell why something went wrong.</summary>
    public string LastLines() => _logs.LastLines();

    /// <summary>Connection string of a database, as its administrator; or of the broker.</summary>
    public async Task<string> AddressOf(string resource, CancellationToken cancellationToken) =>
        (await _app.GetConnectionStringAsync(resource, cancellationToken))!;

    /// <summary>Speaks HTTP with a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpoint">Which of its endpoints; null for the first one that speaks HTTP.</param>
    public HttpClient Http(string resource, string? endpoint = null) => _app.CreateHttpClient(resource, endpoint);

    /// <summary>What a resource was started with, and is now.</summary>
    /// <exception cref="InvalidOperationException">There is no such resource, or it was never started.</exception>
    public CustomResourceSnapshot StateOf(string resource) => _app.ResourceNotifications.TryGetCurrentState(resource, out var state)
        ? state.Snapshot
        : throw new InvalidOperationException($"Nothing is known of {resource}.");

    /// <summary>What runs its containers.</summary>
    public Containers Containers => new(_app.Services.GetRequiredService<IConfiguration>()[ContainerRuntime.Setting] ?? throw new InvalidOperationException("Nothing runs in containers."));

    /// <summary>Processor time and memory of what a resource runs.</summary>
    public async Task<ProcessTree> ProcessOf(string resource, CancellationToken cancellationToken)
    {
        var running = await _app.ResourceNotifications.WaitForResourceAsync(resource, IsRunning, cancellationToken);
        return new ProcessTree(ProcessId(running) ?? await Containers.ProcessOf(ContainerId(running)!, cancellationToken));
    }

    /// <summary>The same of each process of a resource that runs several times.</summary>
    public async Task<IReadOnlyList<ProcessTree>> ProcessesOf(string resource, CancellationToken cancellationToken) =>
        _replicas.TryGetValue(resource, out var count) && count > 1
            ? [.. (await ReplicasOf(resource, count, cancellationToken)).Values.Select(process => new ProcessTree(process))]
            : [await ProcessOf(resource, cancellationToken)];

    /// <summary>The container of a resource, while it runs.</summary>
    public async Task<string> ContainerOf(string resource, CancellationToken cancellationToken) =>
        ContainerId(await _app.ResourceNotifications.WaitForResourceAsync(resource, IsRunning, cancellationToken))
            ?? throw new InvalidOperationException($"{resource} runs in no container.");

    /// <summary>Runs a statement with parameters <c>$1</c>, <c>$2</c> …</summary>
    /// <returns>Rows changed.</returns>
    public async Task<int> Execute(string database, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var source = await Open(database, cancellationToken);
        await using var command = Command(source, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads the first column of the first row.</summary>
    public async Task<T> Read<T>(string database, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var source = await Open(database, cancellationToken);
        await using var command = Command(source, sql, parameters);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The processes of a resource that runs several times, by the ids that Aspire gives them.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ReplicasOf(string resource, int count, CancellationToken cancellationToken)
    {
        var running = new Dictionary<string, int>();
        await foreach (var change in _app.ResourceNotifications.WatchAsync(cancellationToken))
        {
            if (change.Resource.Name != resource)
                continue;
            if (IsRunning(change) && ProcessId(change) is { } process)
                running[change.ResourceId] = process;
            else
                running.Remove(change.ResourceId);
            if (running.Count == count)
                break;
        }

        return running;
    }

    /// <summary>Starts one of several processes again, and waits until it is healthy.</summary>
    /// <param name="id">The id that Aspire gives it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartReplica(string id, CancellationToken cancellationToken)
    {
        // Aspire may not have noticed yet that it has ended.
        await foreach (var change in _app.ResourceNotifications.WatchAsync(cancellationToken))
        {
            if (change.ResourceId == id && KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text))
                break;
        }

        await Command(id, KnownResourceCommands.StartCommand, cancellationToken);
        await foreach (var change in _app.ResourceNotifications.WatchAsync(cancellationToken))
        {
            if (change.ResourceId == id && change.Snapshot.HealthStatus == HealthStatus.Healthy)
                break;
        }
    }

    /// <summary>Ends a resource's processes in good order.</summary>
    public async Task Stop(string resource, CancellationToken cancellationToken)
    {
        // Aspire gives up waiting after some seconds; what counts is that it ends.
        await _app.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand, cancellationToken);
        await Ended(resource, cancellationToken);
    }

    /// <summary>Waits until a resource's process has ended.</summary>
    public Task Ended(string resource, CancellationToken cancellationToken) =>
        _app.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, cancellationToken);

    /// <summary>SIGKILL: the process gets no chance to finish, flush or say goodbye.</summary>
    public async Task Kill(string resource, CancellationToken cancellationToken)
    {
        using (var process = Process.GetProcessById((await ProcessOf(resource, cancellationToken)).Root))
            process.Kill(entireProcessTree: true);
        await Ended(resource, cancellationToken);
    }

    /// <summary>Starts what was stopped or killed, and waits until it runs; it may not be healthy yet, or not for now.</summary>
    public async Task Launch(string resource, CancellationToken cancellationToken)
    {
        await Command(resource, KnownResourceCommands.StartCommand, cancellationToken);
        await _app.ResourceNotifications.WaitForResourceAsync(resource, IsRunning, cancellationToken);
    }

    /// <summary>Starts what was stopped or killed, and waits until it is healthy.</summary>
    public async Task StartAgain(string resource, CancellationToken cancellationToken)
    {
        await Command(resource, KnownResourceCommands.StartCommand, cancellationToken);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Orders?.Dispose();
        Messages?.Dispose();
        if (Statements is not null)
            await Statements.DisposeAsync();
        await _logs.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static bool IsRunning(ResourceEvent resource) =>
        (ProcessId(resource) is not null || ContainerId(resource) is not null) && resource.Snapshot.State?.Text == KnownResourceStates.Running;

    private static int? ProcessId(ResourceEvent resource) => Property(resource, "executable.pid") is { } id ? Convert.ToInt32(id, CultureInfo.InvariantCulture) : null;

    private static string? ContainerId(ResourceEvent resource) => Property(resource, "container.id") as string;

    private static object? Property(ResourceEvent resource, string name) => resource.Snapshot.Properties.FirstOrDefault(x => x.Name == name)?.Value;

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
        // Filling tables takes its time.
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }

    private async Task<NpgsqlConnection> Open(string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection($"{await AddressOf(database, cancellationToken)};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private async Task Command(string resource, string command, CancellationToken cancellationToken)
    {
        var result = await _app.ResourceCommands.ExecuteCommandAsync(resource, command, cancellationToken);
        if (!result.Success)
            throw new InvalidOperationException($"{command} {resource}: {result.Message}");
    }

    private async Task StartAll(bool counted, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await _app.StartAsync(patience.Token);
        await AllHealthy(patience.Token);
        Orders = _app.CreateHttpClient("order-service");
        Messages = new BrokerStatistics(_app.CreateHttpClient(Broker, "management"), new Uri(await AddressOf(Broker, patience.Token)).UserInfo);
        if (!counted)
            return;

        // Statements are counted by an extension that the server loads when it starts.
        await Execute(Database, "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'", patience.Token);
        await Stop(Database, patience.Token);
        await StartAgain(Database, patience.Token);
        await AllHealthy(patience.Token);
        Statements = await DatabaseStatistics.Open(await AddressOf(Database, patience.Token), patience.Token);
    }

    private async Task AllHealthy(CancellationToken cancellationToken)
    {
        foreach (var service in _replicas.Keys)
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(service, cancellationToken);
    }
}
