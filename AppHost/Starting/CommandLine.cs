namespace OrderSample.AppHost.Starting;

/// <summary>Options as people write them, such as <c>--data FOLDER</c>, and the settings that they stand for.</summary>
internal static class CommandLine
{
    /// <summary>Options that stand for a setting and its value.</summary>
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--containers"] = "--Servers=containers",
        ["--local"] = "--Servers=local",
        ["--fresh"] = "--Servers:Fresh=true",
        ["--cluster"] = "--cluster=3",
        ["--haproxy"] = "--haproxy=true",
        ["--no-dashboard"] = "--dashboard=false",
    };

    /// <summary>Options that take a value, and the settings that get it.</summary>
    private static readonly Dictionary<string, string> Values = new()
    {
        ["--data"] = "--Servers:Data",
        ["--ports"] = "--Ports:First",
        ["--replicas"] = "--replicas",
        ["--start-timeout"] = "--Startup:Timeout",
    };

    /// <summary>Settings without a section, besides those above.</summary>
    private static readonly string[] Settings = ["--cluster", "--haproxy", "--replicas", "--dashboard", "--Servers", "--environment", "--contentRoot", "--applicationName"];

    /// <summary>What <c>--help</c> prints.</summary>
    public static string Help
    {
        get
        {
            using var text = typeof(CommandLine).Assembly.GetManifestResourceStream("options.txt")!;
            using var reader = new StreamReader(text);
            return $"dotnet run --project AppHost -- [OPTION ...]      Run the whole order system. Ctrl-C stops it.\n\n{reader.ReadToEnd()}";
        }
    }

    /// <summary>Turns options into settings.</summary>
    /// <exception cref="DistributedApplicationException">One is unknown, or lacks its value.</exception>
    public static string[] ToSettings(string[] args)
    {
        // Aspire's tools, which publish for example, have options of their own.
        if (args.Any(x => x.Split('=')[0] is "--operation" or "--publisher"))
            return args;
        var settings = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (value is null && Switches.TryGetValue(name, out var setting))
                settings.Add(setting);
            else if (Values.TryGetValue(name, out var target))
                settings.Add($"{target}={Checked(name, value ?? (++i < args.Length ? args[i] : null))}");
            else if (value is not null && (name.Contains(':', StringComparison.Ordinal) || Settings.Contains(name, StringComparer.OrdinalIgnoreCase)))
                settings.Add(args[i]);
            else
                throw new DistributedApplicationException($"Unknown option {args[i]}. --help lists the options.");
        }

        return [.. settings];
    }

    private static string Checked(string name, string? value)
    {
        if (string.IsNullOrEmpty(value) || value.StartsWith("--", StringComparison.Ordinal))
            throw new DistributedApplicationException($"{name} takes a value. --help lists the options.");
        // As its user means it: from where he is, not from the app host's folder.
        return name == "--data" ? Path.GetFullPath(value) : value;
    }
}
