using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace OrderSample.AppHost.Starting;

/// <summary>Whether the ports that the system wants are free, before anything is started.</summary>
internal static class PortCheck
{
    /// <summary>Processes of a killed app host take up to this long to end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const string ListeningState = "0A";
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];
    private static readonly string[] DashboardUrls = ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"];

    /// <summary>Waits a little for a port that is taken.</summary>
    /// <exception cref="DistributedApplicationException">It stays taken. The message says which, by whom, and the way out.</exception>
    public static async Task EnsurePortsAreFreeAsync(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode || builder.Configuration.GetValue<bool>("DcpPublisher:RandomizePorts"))
            return;
        foreach (var (owner, port) in PortsOf(builder))
        {
            if (IsFree(port))
                continue;
            var taken = $"Port {port}, which is for {owner}, is taken{By(port)}.";
            Console.WriteLine($"{taken} Waiting {Patience.TotalSeconds:0} s for it ...");
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            var waited = Stopwatch.GetTimestamp();
            while (!IsFree(port))
            {
                if (Stopwatch.GetElapsedTime(waited) > Patience)
                    throw new DistributedApplicationException($"{taken} Stop what has it, or take other ports: --ports 6100.");
                await timer.WaitForNextTickAsync();
            }
        }
    }

    private static IEnumerable<(string Owner, int Port)> PortsOf(IDistributedApplicationBuilder builder)
    {
        foreach (var resource in builder.Resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(x => x.Port is not null))
                yield return (resource.Name, endpoint.Port!.Value);
        }

        if (builder.Configuration["dashboard"] is "false")
            yield break;
        foreach (var setting in DashboardUrls)
        {
            foreach (var url in (builder.Configuration[setting] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
                yield return ("the Aspire dashboard", new Uri(url).Port);
        }
    }

    private static bool IsFree(int port)
    {
        // On some systems one can listen on the loopback beside a program that listens everywhere, and clients reach that one.
        if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(x => x.Port == port))
            return false;
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new DistributedApplicationException($"Port {port} is reserved by the system. Take other ports: --ports 6100.", exception);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Who listens there, where that can be seen: on Linux, of one's own processes, or for root.</summary>
    private static string By(int port)
    {
        if (!OperatingSystem.IsLinux())
            return "";
        var address = $":{port.ToString("X4", CultureInfo.InvariantCulture)}";
        var sockets = SocketTables.Where(File.Exists).SelectMany(File.ReadLines).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[1].EndsWith(address, StringComparison.Ordinal) && fields[3] == ListeningState)
            .Select(fields => $"socket:[{fields[9]}]").ToHashSet();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(x => char.IsAsciiDigit(Path.GetFileName(x)[0])))
        {
            try
            {
                if (Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(x => new FileInfo(x).LinkTarget is { } target && sockets.Contains(target)))
                    return $" by process {Path.GetFileName(process)} ({File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ').Trim()})";
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has ended, or is somebody else's.
            }
        }

        return "";
    }
}
