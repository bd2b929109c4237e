using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrderSample.Bench.Running;

/// <summary>Starts the order system as its app host does, with the settings of production instead of those of the demo.</summary>
internal static class RealSystem
{
    public const string Name = "real";

    private static readonly string[] Settings =
    [
        "--Chaos:Enabled=false",
        "--Saga:StockTimeout=00:00:30", "--Saga:PaymentTimeout=00:15:00", "--Saga:ConfirmTimeout=00:00:30", "--Saga:ReleaseTimeout=00:00:30",
        // What takes place every few minutes would be in some rounds and not in others.
        "--Reconciliation:Interval=1.00:00:00",
        // All customers of a benchmark have one address.
        "--RateLimit:RequestsPerSecond=1000000", "--RateLimit:Burst=1000000",
    ];

    /// <param name="name">What it is called in the results.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="environment">Variables that all its services get.</param>
    public static Task<SystemUnderTest> Start(string name, CancellationToken cancellationToken, params (string Name, string Value)[] environment) =>
        Start(name, [], environment, forwarded: false, counted: true, cancellationToken);

    /// <param name="name">What it is called in the results.</param>
    /// <param name="settings">What its app host is told, besides.</param>
    /// <param name="forwarded">Whether its services are reached through the engine's forwarding of ports, as replicas are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="counted">Whether the database server counts statements.</param>
    public static Task<SystemUnderTest> Start(string name, string[] settings, bool forwarded, CancellationToken cancellationToken, bool counted = true) =>
        Start(name, settings, [], forwarded, counted, cancellationToken);

    private static async Task<SystemUnderTest> Start(
        string name, string[] settings, (string Name, string Value)[] environment, bool forwarded, bool counted, CancellationToken cancellationToken)
    {
        var mails = Directory.CreateTempSubdirectory("ordersample-bench-").FullName;
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>([.. Settings, .. settings, $"--Smtp:PickupFolder={mails}"], cancellationToken);
        foreach (var service in builder.Resources.OfType<ProjectResource>())
        {
            foreach (var (variable, value) in environment)
                builder.CreateResourceBuilder(service).WithEnvironment(variable, value);
        }

        // They are kept, and shown when something fails.
        builder.Services.AddLogging(logging => logging.AddFilter("OrderSample.AppHost.Resources", LogLevel.None));
        builder.Services.AddHostedService(_ => new RemovedAtTheEnd(mails));
        return await SystemUnderTest.Start(name, builder, builder.BuildAsync, cancellationToken, forwarded, counted);
    }
}
