using System.ComponentModel;
using System.Diagnostics;
using Aspire.Hosting;

namespace OrderSample.Servers.Containers;

/// <summary>The program that runs containers.</summary>
internal static class ContainerRuntime
{
    /// <summary>The setting by which Aspire is told which one to use.</summary>
    public const string Setting = "DcpPublisher:ContainerRuntime";

    private static readonly string[] Known = ["docker", "podman"];
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>The first that answers: a client on the path may have no engine.</summary>
    /// <param name="wanted">The only one to ask; null for any.</param>
    /// <returns><c>docker</c>, <c>podman</c>, or null when none answers.</returns>
    public static string? Find(string? wanted) => (wanted is null ? Known : [wanted]).FirstOrDefault(x => Run(x, "info"));

    /// <summary>Removes a container and a volume. It is well when they are not there.</summary>
    /// <exception cref="DistributedApplicationException">One is still there.</exception>
    public static void Remove(string runtime, string container, string volume)
    {
        if (!Run(runtime, "rm", "--force", container) || !Run(runtime, "volume", "rm", "--force", volume))
            throw new DistributedApplicationException($"The container {container} and its volume could not be removed. Try: {runtime} rm --force {container}; {runtime} volume rm --force {volume}");
    }

    /// <returns>Whether it succeeded.</returns>
    private static bool Run(string runtime, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            // Read, or a full pipe would stop it.
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(Timeout))
                return process.ExitCode == 0;
            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            // It is not installed, or none was chosen.
            return false;
        }
    }
}
