using System.Reflection;

namespace OrderSample.Services.Tests.Documentation;

/// <summary>The repository that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(x => x.Key == "RepositoryRoot").Value!;

    /// <summary>What is written for readers, relative to <see cref="Root"/>.</summary>
    public static IEnumerable<string> Pages =>
        Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Root, "README.md"))
            .Select(file => Path.GetRelativePath(Root, file)).Order();

    public static string Read(string page) => File.ReadAllText(Path.Combine(Root, page));

    /// <summary>Whether a build made the file.</summary>
    public static bool IsBuilt(string file)
    {
        var separator = Path.DirectorySeparatorChar;
        return file.Contains($"{separator}obj{separator}", StringComparison.Ordinal) || file.Contains($"{separator}bin{separator}", StringComparison.Ordinal);
    }
}
