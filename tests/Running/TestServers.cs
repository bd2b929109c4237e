using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using OrderSample.Servers;

namespace OrderSample.Tests.Running;

/// <summary>One RabbitMQ and one PostgreSQL for all tests of this assembly, and SQL Server where there is one; each test has a virtual host and a database of its own.</summary>
public sealed class TestServers : IAsyncLifetime
{
    private readonly SqlServerDatabases _sqlServer = new();
    private DistributedApplication? _app;
    private Broker? _broker;
    private HttpClient? _management;

    public async Task InitializeAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var builder = ServersOnly.CreateBuilder();
        _broker = builder.AddBroker("rabbitmq");
        builder.AddPostgresServer("postgres");
        _app = builder.Build();
        await _app.StartAsync(timeout.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("rabbitmq", timeout.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync("postgres", timeout.Token);

        _management = new HttpClient { BaseAddress = new Uri(_broker.Nodes[0].Management.Url) };
        var broker = new Uri((await _app.GetConnectionStringAsync("rabbitmq"))!);
        _management.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(broker.UserInfo))));
    }

    public async Task DisposeAsync()
    {
        _management?.Dispose();
        try
        {
            await _sqlServer.DisposeAsync();
        }
        finally
        {
            if (_app is not null)
                await _app.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Stops a server for all tests: <c>rabbitmq</c> or <c>postgres</c>.</summary>
    public Task Stop(string server) => Execute(server, KnownResourceCommands.StopCommand, (notifications, token) =>
        notifications.WaitForResourceAsync(server, KnownResourceStates.TerminalStates, token));

    /// <summary>Starts it again, and waits until it answers.</summary>
    public Task Start(string server) => Execute(server, KnownResourceCommands.StartCommand, (notifications, token) =>
        notifications.WaitForResourceHealthyAsync(server, WaitBehavior.WaitOnResourceUnavailable, token));

    /// <summary>What the app host says of a server's health.</summary>
    public HealthStatus? HealthOf(string server) =>
        _app!.ResourceNotifications.TryGetCurrentState(server, out var state) ? state.Snapshot.HealthStatus : null;

    /// <summary>Asks the broker for something by its own tool, <c>rabbitmqctl</c>. On local servers only.</summary>
    public async Task Control(params string[] arguments)
    {
        Assert.True(_app!.ResourceNotifications.TryGetCurrentState("rabbitmq", out var broker));
        var environment = broker.Snapshot.EnvironmentVariables.ToDictionary(x => x.Name, x => x.Value);
        var start = new ProcessStartInfo("/usr/lib/rabbitmq/bin/rabbitmqctl", ["--node", environment["RABBITMQ_NODENAME"]!, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["HOME"] = environment["HOME"];
        start.Environment["ERL_EPMD_PORT"] = environment["ERL_EPMD_PORT"];
        start.Environment["RABBITMQ_CTL_ERL_ARGS"] = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}";
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var tool = Process.Start(start)!;
        var said = await Task.WhenAll(tool.StandardError.ReadToEndAsync(timeout.Token), tool.StandardOutput.ReadToEndAsync(timeout.Token));
        await tool.WaitForExitAsync(timeout.Token);
        Assert.True(tool.ExitCode == 0, string.Join(Environment.NewLine, said));
    }

    private async Task Execute(string server, string command, Func<ResourceNotificationService, CancellationToken, Task> reached)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var result = await _app!.ResourceCommands.ExecuteCommandAsync(server, command, timeout.Token).WaitAsync(timeout.Token);
        // Aspire gives up waiting for an end after some seconds; what counts is that it comes.
        Assert.True(result.Success || command == KnownResourceCommands.StopCommand, result.Message);
        await reached(_app.ResourceNotifications, timeout.Token);
    }

    /// <summary>A virtual host and a database that only one test uses.</summary>
    public async Task<Place> NewPlace(DatabaseServer on = DatabaseServer.Postgres)
    {
        var name = $"t{Guid.NewGuid():N}";
        using (var created = await _management!.PutAsync($"api/vhosts/{name}", null))
            created.EnsureSuccessStatusCode();

        var database = on == DatabaseServer.SqlServer ? await _sqlServer.New(name) : await NewPostgresDatabase(name);
        return new Place(new Uri($"{await _app!.GetConnectionStringAsync("rabbitmq")}/{name}"), on, database, name, _management);
    }

    private async Task<string> NewPostgresDatabase(string name)
    {
        var app = _app ?? throw new InvalidOperationException("The servers have not been started.");
        var server = (await app.GetConnectionStringAsync("postgres"))!;
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return $"{server};Database={name};Maximum Pool Size=20";
    }
}

/// <summary>Where one test lives.</summary>
/// <param name="Broker">Address of its virtual host, with user and password.</param>
/// <param name="On">What its database is on.</param>
/// <param name="Database">Connection string of its database.</param>
/// <param name="VirtualHost">Name of the virtual host.</param>
/// <param name="Management">The broker's management interface, as its administrator.</param>
public sealed record Place(Uri Broker, DatabaseServer On, string Database, string VirtualHost, HttpClient Management)
{
    /// <summary>Cuts every connection of those who may use the virtual host, as a network would; they come back by themselves.</summary>
    /// <remarks>By user: the broker's list of connections has none that is younger than some seconds, so that one cut by it may be another one than was meant.</remarks>
    public async Task CutConnections()
    {
        var users = await Management.GetFromJsonAsync<Permission[]>($"api/vhosts/{VirtualHost}/permissions") ?? [];
        Assert.NotEmpty(users);
        foreach (var user in users.Select(permission => permission.User).Distinct())
        {
            // The broker answers 500 when one of them ends by itself at that moment; then the rest may not be cut yet.
            for (var tries = 1; ; tries++)
            {
                using var response = await Management.DeleteAsync($"api/connections/username/{Uri.EscapeDataString(user)}");
                if (response.StatusCode == HttpStatusCode.InternalServerError && tries < MostTries)
                    continue;
                response.EnsureSuccessStatusCode();
                break;
            }
        }
    }

    private const int MostTries = 5;

    private sealed record Permission(string User);
}

/// <summary>Tests that share the servers; they run one after another, because some of them stop one.</summary>
[CollectionDefinition(Name)]
public sealed class ServersCollection : ICollectionFixture<TestServers>
{
    public const string Name = "servers";
}
