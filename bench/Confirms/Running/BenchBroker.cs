using System.Diagnostics;
using System.Globalization;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using OrderSample.Servers;
using RabbitMQ.Client;

namespace OrderSample.Bench.Confirms.Running;

/// <summary>
/// A RabbitMQ node in a temporary folder, started by what starts it for the app host. Disposing it ends the node and
/// removes the folder; if this process is killed, Aspire's engine ends the node.
/// </summary>
internal sealed class BenchBroker : IAsyncDisposable
{
    private const string Name = "rabbitmq";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly DistributedApplication _app;

    private BenchBroker(DistributedApplication app) => _app = app;

    /// <summary>Where it is, with user and password.</summary>
    public Uri Address { get; private set; } = null!;

    public static async Task<BenchBroker> Start(CancellationToken cancellationToken)
    {
        Bench.Progress("Starting a broker ...");
        var builder = ServersOnly.CreateBuilder();
        builder.AddBroker(Name);
        var broker = new BenchBroker(builder.Build());
        try
        {
            await broker._app.StartAsync(cancellationToken);
            await broker.Healthy(cancellationToken);
            broker.Address = new Uri((await broker._app.GetConnectionStringAsync(Name, cancellationToken))!);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection that is not repaired when it breaks, so that nothing is hidden from whoever measures.</summary>
    public Task<IConnection> Connect(CancellationToken cancellationToken) => Connect(Address, cancellationToken);

    /// <inheritdoc cref="Connect(CancellationToken)"/>
    public static Task<IConnection> Connect(Uri address, CancellationToken cancellationToken) =>
        new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false, TopologyRecoveryEnabled = false }.CreateConnectionAsync(cancellationToken);

    /// <summary>The broker's version.</summary>
    public async Task<string> Version(CancellationToken cancellationToken)
    {
        await using var connection = await Connect(cancellationToken);
        return Encoding.UTF8.GetString((byte[])connection.ServerProperties!["version"]!);
    }

    /// <summary>SIGKILL, as if it had crashed, and a start with the same data.</summary>
    public async Task KillAndStart(CancellationToken cancellationToken)
    {
        var running = await _app.ResourceNotifications.WaitForResourceAsync(Name,
            x => x.Snapshot.State?.Text == KnownResourceStates.Running && ProcessId(x) is not null, cancellationToken);
        using (var process = Process.GetProcessById(ProcessId(running)!.Value))
        {
            // The node dies with the shell that started it.
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(cancellationToken);
        }

        await _app.ResourceNotifications.WaitForResourceAsync(Name, KnownResourceStates.TerminalStates, cancellationToken);
        var started = await _app.ResourceCommands.ExecuteCommandAsync(Name, KnownResourceCommands.StartCommand, cancellationToken);
        if (!started.Success)
            throw new InvalidOperationException($"The broker did not start again: {started.Message}");
        await Healthy(cancellationToken);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static int? ProcessId(ResourceEvent resource) =>
        resource.Snapshot.Properties.FirstOrDefault(x => x.Name == "executable.pid")?.Value is { } id
            ? Convert.ToInt32(id, CultureInfo.InvariantCulture)
            : null;

    private async Task Healthy(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync(Name, timeout.Token);
    }
}
