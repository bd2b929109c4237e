namespace OrderSample.Backoffice.Console.Handbook;

/// <summary>The repository's pages below docs/, which the build puts next to the program.</summary>
/// <remarks>A page's name is its path below docs/ without extension; the handbook's own are named without their folder.</remarks>
internal sealed class HandbookFiles
{
    /// <summary>The page that one begins with.</summary>
    public const string Index = "README";

    private const string Own = "handbook/";

    /// <summary>Where the pages are.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "docs");

    // By what is there, so that a name in an address can't lead anywhere else.
    private readonly Lazy<Dictionary<string, string>> _pages = new(ReadAll);

    /// <summary>The names of all pages, as the index has them, and then those that it does not name.</summary>
    public IReadOnlyList<string> Names => [.. _pages.Value.Keys];

    /// <summary>A page as it is written; null when there is none of that name.</summary>
    public string? Find(string name) => _pages.Value.GetValueOrDefault(name);

    /// <summary>A page's path in the repository.</summary>
    public static string PathOf(string name) => name.Contains('/', StringComparison.Ordinal) ? $"docs/{WithoutPrefix(name)}.md" : $"docs/{Own}{name}.md";

    /// <summary>A page's address in the console.</summary>
    public static string AddressOf(string name) => name == Index ? "/handbook" : $"/handbook/{name}";

    /// <summary>The name of the page at a path of the repository; null when no page is there.</summary>
    public string? NameOf(string path)
    {
        if (!path.StartsWith("docs/", StringComparison.Ordinal) || !path.EndsWith(".md", StringComparison.Ordinal))
            return null;
        var name = ToName(path["docs/".Length..^".md".Length]);
        return _pages.Value.ContainsKey(name) ? name : null;
    }

    private static Dictionary<string, string> ReadAll()
    {
        if (!Directory.Exists(Folder))
            return [];
        var all = Directory.EnumerateFiles(Folder, "*.md", SearchOption.AllDirectories)
            .ToDictionary(file => ToName(Path.ChangeExtension(Path.GetRelativePath(Folder, file), null).Replace('\\', '/')), File.ReadAllText, StringComparer.Ordinal);
        var index = all.GetValueOrDefault(Index, "");
        int PlaceInIndex(string name) => name == Index ? -1 : index.IndexOf($"({name}.md)", StringComparison.Ordinal) is >= 0 and var at ? at : int.MaxValue;
        return all.OrderBy(page => PlaceInIndex(page.Key)).ThenBy(page => page.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
    }

    // One at the top has a folder in its name as well, so that it is not taken for one of the handbook's own.
    private static string ToName(string path) =>
        path.StartsWith(Own, StringComparison.Ordinal) ? path[Own.Length..] : path.Contains('/', StringComparison.Ordinal) ? path : $"docs/{path}";

    private static string WithoutPrefix(string name) => name.StartsWith("docs/", StringComparison.Ordinal) ? name["docs/".Length..] : name;
}
