using System.ComponentModel;
using System.Diagnostics;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>Containers that an app host leaves running for its next start.</summary>
internal static class Containers
{
    private static readonly string[] Runtimes = ["docker", "podman"];
    private static readonly string[] Servers = ["rabbitmq", "postgres"];

    /// <summary>Removes those of a data folder, with their volumes.</summary>
    public static async Task Remove(string dataFolder)
    {
        var id = Path.Combine(dataFolder, "id");
        if (!File.Exists(id))
            return;
        foreach (var runtime in Runtimes)
        {
            foreach (var name in Servers.Select(server => $"ordersample-{File.ReadAllText(id)}-{server}"))
            {
                await Run(runtime, "rm", "--force", name);
                await Run(runtime, "volume", "rm", name);
            }
        }
    }

    private static async Task Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync(), process.WaitForExitAsync());
        }
        catch (Win32Exception)
        {
            // It is not installed.
        }
    }
}
