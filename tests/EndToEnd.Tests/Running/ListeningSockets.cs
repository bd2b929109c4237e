using System.Globalization;
using System.Net;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>Where processes listen, as the kernel says it.</summary>
internal static class ListeningSockets
{
    private const string Listening = "0A";

    /// <param name="processes">Folders below /proc.</param>
    /// <returns>The addresses, each with its process.</returns>
    public static (IPAddress Address, string Process)[] Of(IEnumerable<string> processes)
    {
        var addresses = new[] { "/proc/net/tcp", "/proc/net/tcp6" }
            .SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[3] == Listening)
            .ToDictionary(columns => columns[9], columns => Address(columns[1].Split(':')[0]));
        return [.. from process in processes
                   from socket in SocketsOf(process)
                   where addresses.ContainsKey(socket)
                   select (addresses[socket], process)];
    }

    private static string[] SocketsOf(string process)
    {
        try
        {
            return [.. Directory.EnumerateFiles(Path.Combine(process, "fd"))
                .Select(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name)
                .Where(target => target?.StartsWith("socket:[", StringComparison.Ordinal) == true)
                .Select(target => target!["socket:[".Length..^1])];
        }
        catch (IOException)
        {
            // The process or the file has just ended.
            return [];
        }
    }

    /// <summary>The kernel writes an address as words of four bytes, each as a number of this machine.</summary>
    private static IPAddress Address(string hex) => new([.. hex.Chunk(8)
        .SelectMany(word => BitConverter.GetBytes(uint.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))]);
}
