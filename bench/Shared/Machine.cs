using System.Globalization;
using System.Runtime.InteropServices;

namespace OrderSample.Bench.Shared;

/// <summary>Where a run's numbers are from; without it they say little.</summary>
/// <param name="Processor">Its model.</param>
/// <param name="Processors">How many the system sees.</param>
/// <param name="Memory">In GiB.</param>
/// <param name="System">The operating system.</param>
/// <param name="Kernel">Its kernel's version.</param>
/// <param name="DotNet">The runtime.</param>
/// <param name="Servers">Names and versions of the servers that were measured.</param>
/// <param name="Load">What else ran: the processes that wanted a processor in the last minute, at the start.</param>
public sealed record Machine(string Processor, int Processors, double Memory, string System, string Kernel, string DotNet, string Servers, double Load)
{
    private const double GiB = 1L << 30;

    /// <summary>Looks at the machine; call it before anything is measured.</summary>
    /// <param name="servers">Names and versions of the servers that are measured.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Machine> Describe(string servers, CancellationToken cancellationToken) => new(
        await Find("/proc/cpuinfo", "model name", ':', cancellationToken) ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / GiB,
        await Find("/etc/os-release", "PRETTY_NAME", '=', cancellationToken) ?? RuntimeInformation.OSDescription,
        (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", cancellationToken)).Trim(),
        RuntimeInformation.FrameworkDescription,
        servers,
        await LoadNow(cancellationToken));

    /// <summary>How many processes wanted a processor, on average of the last minute.</summary>
    public static async Task<double> LoadNow(CancellationToken cancellationToken) =>
        double.Parse((await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0], CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Processor}, {Processors} processors, {Memory:0} GiB, {System}, Linux {Kernel}, {DotNet}, {Servers}, load {Load} at the start");

    private static async Task<string?> Find(string file, string key, char separator, CancellationToken cancellationToken)
    {
        var line = (await File.ReadAllLinesAsync(file, cancellationToken)).FirstOrDefault(x => x.StartsWith(key, StringComparison.Ordinal));
        return line?[(line.IndexOf(separator, StringComparison.Ordinal) + 1)..].Trim(' ', '"');
    }
}
