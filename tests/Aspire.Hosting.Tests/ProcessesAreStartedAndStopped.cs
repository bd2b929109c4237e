using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests;

public sealed class ProcessesAreStartedAndStopped
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task When_a_process_is_killed_it_is_finished_and_its_start_command_starts_it_again()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        var builder = NewBuilder();
        builder.AddExecutable("sleeper", "/bin/sleep", ".", "1000");
        await using var app = builder.Build();
        await app.StartAsync(timeout.Token);

        var first = await RunningPid(app, "sleeper", timeout.Token);
        using (var process = Process.GetProcessById(first))
            process.Kill();
        await app.ResourceNotifications.WaitForResourceAsync("sleeper", KnownResourceStates.TerminalStates, timeout.Token);
        var started = await app.ResourceCommands.ExecuteCommandAsync("sleeper", KnownResourceCommands.StartCommand, timeout.Token);

        Assert.True(started.Success, started.ErrorMessage);
        var second = await RunningPid(app, "sleeper", timeout.Token);
        Assert.NotEqual(first, second);
        await app.DisposeAsync();
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(second));
    }

    [Fact]
    public async Task When_a_process_ends_at_once_who_waits_for_it_fails_and_its_last_words_are_kept()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        var builder = NewBuilder();
        var broken = builder.AddExecutable("broken", "/bin/sh", ".", "-c", "echo the disk is on fire; exit 3");
        builder.AddExecutable("waiting", "/bin/sleep", ".", "1000").WaitForCompletion(broken);
        await using var app = builder.Build();
        await app.StartAsync(timeout.Token);

        var ended = await app.ResourceNotifications.WaitForResourceAsync("broken", x => x.Snapshot.ExitCode is not null, timeout.Token);
        Assert.Equal(3, ended.Snapshot.ExitCode);
        await app.ResourceNotifications.WaitForResourceAsync("waiting", KnownResourceStates.FailedToStart, timeout.Token);
        Assert.Contains("the disk is on fire", await FirstLine(app, "broken", timeout.Token), StringComparison.Ordinal);
        Assert.Contains("exit code 3", await FirstLine(app, "waiting", timeout.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_a_fixed_port_is_in_use_the_resource_fails_and_its_log_names_the_port()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var builder = NewBuilder();
        builder.AddExecutable("server", "/bin/sleep", ".", "1000").WithHttpEndpoint(port: port);
        await using var app = builder.Build();
        await app.StartAsync(timeout.Token);

        await app.ResourceNotifications.WaitForResourceAsync("server", KnownResourceStates.FailedToStart, timeout.Token);
        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), await FirstLine(app, "server", timeout.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_values_are_given_the_process_gets_them_in_its_environment_and_arguments()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        var builder = NewBuilder("--ConnectionStrings:ledger=Host=elsewhere");
        var ledger = builder.AddConnectionString("ledger");
        builder.AddExecutable("printer", "/bin/sh", ".", "-c", "echo $GREETING $ConnectionStrings__ledger $0", "argument")
            .WithEnvironment("GREETING", "hello").WithReference(ledger);
        await using var app = builder.Build();
        await app.StartAsync(timeout.Token);

        Assert.Equal("hello Host=elsewhere argument", await FirstLine(app, "printer", timeout.Token));
    }

    private static IDistributedApplicationBuilder NewBuilder(params string[] args) =>
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true, ProjectDirectory = Path.GetTempPath() });

    private static async Task<int> RunningPid(DistributedApplication app, string resource, CancellationToken cancellationToken)
    {
        var running = await app.ResourceNotifications.WaitForResourceAsync(resource, x =>
            x.Snapshot.State?.Text == KnownResourceStates.Running && x.Snapshot.Properties.Any(p => p.Name == "executable.pid"), cancellationToken);
        return (int)running.Snapshot.Properties.Single(x => x.Name == "executable.pid").Value!;
    }

    private static async Task<string> FirstLine(DistributedApplication app, string resource, CancellationToken cancellationToken)
    {
        await foreach (var lines in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource).WithCancellation(cancellationToken))
            return lines[0].Content;
        throw new InvalidOperationException($"{resource} wrote no log.");
    }
}
