using System.Diagnostics;
using System.Globalization;

namespace OrderSample.Bench.Running;

/// <summary>The program that runs a system's containers.</summary>
/// <param name="runtime"><c>docker</c> or <c>podman</c>.</param>
internal sealed class Containers(string runtime)
{
    /// <summary>The process of this machine that a container consists of. Others of its processes are below it.</summary>
    public async Task<int> ProcessOf(string container, CancellationToken cancellationToken) =>
        int.Parse(await Tool.Run(new ProcessStartInfo(runtime, ["inspect", "--format", "{{.State.Pid}}", container]), cancellationToken), CultureInfo.InvariantCulture);

    /// <summary>Runs a program in a container.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message says what it said.</exception>
    public Task<string> Execute(string container, CancellationToken cancellationToken, params string[] command) =>
        Tool.Run(new ProcessStartInfo(runtime, ["exec", container, .. command]), cancellationToken);
}
