using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using OrderSample.Bench.Confirms.Running;

namespace OrderSample.Bench.Confirms.Reporting;

/// <summary>Where a run's numbers are from; without it they say little.</summary>
/// <param name="Processor">Its model.</param>
/// <param name="Processors">How many the system sees.</param>
/// <param name="Memory">In GiB.</param>
/// <param name="System">The operating system.</param>
/// <param name="DotNet">The runtime.</param>
/// <param name="RabbitMQ">The broker's version.</param>
/// <param name="Load">What else ran: the processes that wanted a processor in the last minute, at the start.</param>
internal sealed record Machine(string Processor, int Processors, double Memory, string System, string DotNet, string RabbitMQ, double Load)
{
    private const double GiB = 1L << 30;

    public static async Task<Machine> Describe(BenchBroker broker, CancellationToken cancellationToken)
    {
        var load = await File.ReadAllTextAsync("/proc/loadavg", cancellationToken);
        await using var connection = await broker.Connect(cancellationToken);
        return new Machine(
            await Find("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / GiB,
            await Find("/etc/os-release", "PRETTY_NAME", '=') ?? RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            Encoding.UTF8.GetString((byte[])connection.ServerProperties!["version"]!),
            double.Parse(load.Split(' ')[0], CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Processor}, {Processors} processors, {Memory:0} GiB, {System}, {DotNet}, RabbitMQ {RabbitMQ}, load {Load} at the start");

    private static async Task<string?> Find(string file, string key, char separator)
    {
        var line = (await File.ReadAllLinesAsync(file)).FirstOrDefault(x => x.StartsWith(key, StringComparison.Ordinal));
        return line?[(line.IndexOf(separator, StringComparison.Ordinal) + 1)..].Trim(' ', '"');
    }
}
