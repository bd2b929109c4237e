using System.Reflection;
using System.Text.RegularExpressions;

namespace OrderSample.Services.Tests.Documentation;

/// <summary>The repository that the tests were built from.</summary>
internal static partial class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(x => x.Key == "RepositoryRoot").Value!;

    /// <summary>Files that hold tests, by the name of the test class.</summary>
    private static readonly Lazy<ILookup<string, string>> TestClasses = new(() => Directory
        .EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !IsBuilt(file))
        .SelectMany(file => ClassDeclaration().Matches(File.ReadAllText(file)).Select(match => (Class: match.Groups[1].Value, File: file)))
        .ToLookup(x => x.Class, x => x.File));

    /// <summary>What is written for readers, relative to <see cref="Root"/>.</summary>
    public static IEnumerable<string> Pages =>
        Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Root, "README.md"))
            .Select(file => Path.GetRelativePath(Root, file)).Order();

    public static string Read(string page) => File.ReadAllText(Path.Combine(Root, page));

    /// <summary>Whether there is a test of this name: <c>Class.Method</c>, or a class alone.</summary>
    public static bool HasTest(string name)
    {
        var parts = name.Split('.');
        var files = TestClasses.Value[parts[0]].Select(File.ReadAllText);
        return parts.Length == 1 ? files.Any() : files.Any(text => Regex.IsMatch(text, $@"\b{parts[1]}\("));
    }

    /// <summary>Whether a build made the file.</summary>
    public static bool IsBuilt(string file)
    {
        var separator = Path.DirectorySeparatorChar;
        return file.Contains($"{separator}obj{separator}", StringComparison.Ordinal) || file.Contains($"{separator}bin{separator}", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\bclass (\w+)")]
    private static partial Regex ClassDeclaration();
}
