using System.Globalization;

namespace OrderSample.Bench.Measuring;

/// <summary>A process with all that it started, as the kernel counts it.</summary>
/// <param name="Root">The operating system's id of the process that started the others.</param>
internal sealed record ProcessTree(int Root)
{
    // sysconf(_SC_CLK_TCK), which Linux has fixed for user programs.
    private const double TicksPerSecond = 100;
    private const double KiBPerMiB = 1024;

    /// <summary>Processor time so far; that of children which have ended is in it.</summary>
    public TimeSpan ProcessorTime()
    {
        var all = All();
        return TimeSpan.FromSeconds(Members(all).Sum(id => all[id].Ticks) / TicksPerSecond);
    }

    /// <summary>The ids of all its processes, parents before their children.</summary>
    public IReadOnlyList<int> Ids() => Members(All());

    /// <summary>The most memory that a single process of the tree ever had in use, in MiB.</summary>
    public double PeakMemory() => Members(All()).Max(PeakMemory);

    /// <summary>Memory in use now by the largest process, in MiB.</summary>
    public double Memory() => Members(All()).Max(id => Status(id, "VmRSS:"));

    /// <summary>Parent and ticks of a line of /proc/…/stat.</summary>
    internal static (int Parent, long Ticks) Parse(string stat)
    {
        // The program's name is in parentheses, and may hold anything, parentheses and blanks too.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(x => long.Parse(x, CultureInfo.InvariantCulture)));
    }

    private static double PeakMemory(int id) => Status(id, "VmHWM:");

    private static double Status(int id, string key)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(x => x.StartsWith(key, StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / KiBPerMiB;
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return 0;
        }
    }

    private static Dictionary<int, (int Parent, long Ticks)> All()
    {
        var all = new Dictionary<int, (int, long)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                all[id] = Parse(File.ReadAllText(Path.Combine(folder, "stat")));
            }
            catch (IOException)
            {
                // It has ended meanwhile; its time is its parent's now.
            }
        }

        return all;
    }

    private List<int> Members(Dictionary<int, (int Parent, long Ticks)> all)
    {
        var children = all.ToLookup(x => x.Value.Parent, x => x.Key);
        List<int> members = all.ContainsKey(Root) ? [Root] : throw new InvalidOperationException($"Process {Root} has ended.");
        for (var i = 0; i < members.Count; i++)
            members.AddRange(children[members[i]]);
        return members;
    }
}
