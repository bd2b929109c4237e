using System.Diagnostics;
using OrderSample.Cluster.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.Cluster.Tests;

[Collection(ClusterCollection.Name)]
public sealed class TheClusterGrows(ClusterSystem system, ITestOutputHelper output)
{
    private const string Fourth = "rabbitmq-4";

    [Fact]
    public Task When_a_fourth_node_joins_takes_a_member_of_every_queue_and_is_removed_again_every_order_completes() =>
        system.SteadyOrdersSurvive(output, 500, pace: TimeSpan.FromMilliseconds(60), async () =>
        {
            await system.Start(Fourth);
            await Manage("grow", Fourth);
            await system.IsWhole(members: 4);

            await Manage("shrink", Fourth);
            await system.IsWhole(members: 3);
            await system.Stop(Fourth);
            await Manage("forget", Fourth);
        });

    private async Task Manage(params string[] command)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        using var script = Process.Start(new ProcessStartInfo("bash", [
            Path.Combine(Repository, "eng", "cluster.sh"), "--data", system.Data, .. command])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = await Task.WhenAll(script.StandardOutput.ReadToEndAsync(timeout.Token), script.StandardError.ReadToEndAsync(timeout.Token));
        await script.WaitForExitAsync(timeout.Token);
        Assert.True(script.ExitCode == 0, $"{string.Join(' ', command)}: {script.ExitCode} {string.Concat(said)}");
    }

    private static string Repository => typeof(TheClusterGrows).Assembly.GetCustomAttributes(inherit: false)
        .OfType<System.Reflection.AssemblyMetadataAttribute>().Single(x => x.Key == "Repository").Value!;
}
