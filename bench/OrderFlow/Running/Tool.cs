using System.Diagnostics;

namespace OrderSample.Bench.Running;

/// <summary>A program that does one thing and ends.</summary>
internal static class Tool
{
    /// <summary>Runs it to its end. Given up, it is killed: what it would have done later must not happen any more.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message says what it said.</exception>
    public static async Task<string> Run(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var tool = Process.Start(start)!;
        try
        {
            var said = await Task.WhenAll(tool.StandardOutput.ReadToEndAsync(cancellationToken), tool.StandardError.ReadToEndAsync(cancellationToken));
            await tool.WaitForExitAsync(cancellationToken);
            return tool.ExitCode == 0
                ? said[0].Trim()
                : throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {tool.ExitCode}: {string.Join(' ', said).Trim()}");
        }
        finally
        {
            if (!tool.HasExited)
                tool.Kill(entireProcessTree: true);
        }
    }
}
