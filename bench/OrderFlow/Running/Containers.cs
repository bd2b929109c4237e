using System.Diagnostics;
using System.Globalization;

namespace OrderSample.Bench.Running;

/// <summary>The program that runs a system's containers.</summary>
/// <param name="runtime"><c>docker</c> or <c>podman</c>.</param>
internal sealed class Containers(string runtime)
{
    /// <summary>The process of this machine that a container consists of. Others of its processes are below it.</summary>
    public async Task<int> ProcessOf(string container, CancellationToken cancellationToken) =>
        int.Parse(await Run(cancellationToken, "inspect", "--format", "{{.State.Pid}}", container), CultureInfo.InvariantCulture);

    /// <summary>Runs a program in a container.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message says what it said.</exception>
    public Task Execute(string container, CancellationToken cancellationToken, params string[] command) => Run(cancellationToken, ["exec", container, .. command]);

    private async Task<string> Run(CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(runtime, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? said[0].Trim()
            : throw new InvalidOperationException($"{runtime} {string.Join(' ', arguments)} ended with {process.ExitCode}: {string.Join(' ', said).Trim()}");
    }
}
