namespace OrderSample.Backoffice.Console.Handbook;

/// <summary>The repository's handbook, which the build puts next to the program.</summary>
internal sealed class HandbookFiles
{
    private const string Index = "README";

    // By what is there, so that a name in an address can't lead anywhere else.
    private readonly Dictionary<string, string> _paths = Directory.Exists(Folder)
        ? Directory.GetFiles(Folder, "*.md").ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal)
        : [];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "handbook");

    /// <summary>Reads a page as it is written; null when there is none of that name.</summary>
    /// <param name="name">Its file without extension; null for the first page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string?> ReadAsync(string? name, CancellationToken cancellationToken) =>
        _paths.TryGetValue(name ?? Index, out var path) ? await File.ReadAllTextAsync(path, cancellationToken) : null;
}
