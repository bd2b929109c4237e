using System.Globalization;
using Npgsql;

namespace OrderSample.Cluster.Tests.Running;

/// <summary>Who holds the other end of a connection on this machine, as the kernel says it.</summary>
internal static class LocalConnections
{
    /// <summary>Who is connected to a PostgreSQL server from a port.</summary>
    /// <param name="server">Any connection to the same server.</param>
    /// <param name="port">The client's port. That alone does not say whose it is: connections to different servers may share one.</param>
    /// <returns>The process's id.</returns>
    public static int ProcessAt(NpgsqlConnection server, int port)
    {
        var ends = (From: $":{Hex(port)}", To: $":{Hex(server.Port)}");
        var sockets = new[] { "/proc/net/tcp", "/proc/net/tcp6" }
            .SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[1].EndsWith(ends.From, StringComparison.Ordinal) && columns[2].EndsWith(ends.To, StringComparison.Ordinal))
            .Select(columns => $"socket:[{columns[9]}]").ToHashSet();
        return int.Parse(Path.GetFileName(Directory.EnumerateDirectories("/proc").First(folder => Holds(folder, sockets))), CultureInfo.InvariantCulture);
    }

    private static string Hex(int port) => port.ToString("X4", CultureInfo.InvariantCulture);

    private static bool Holds(string folder, HashSet<string> sockets)
    {
        if (!char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            return false;
        try
        {
            return Directory.EnumerateFiles(Path.Combine(folder, "fd")).Any(file => sockets.Contains(File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name ?? ""));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or is somebody else's.
            return false;
        }
    }
}
