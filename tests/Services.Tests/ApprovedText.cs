using System.Runtime.CompilerServices;

namespace OrderSample.Services.Tests;

/// <summary>
/// Text that somebody has read and found good, in a file beside the tests. To approve what has changed, run the tests
/// once with the environment variable <c>APPROVE=1</c>, and read the difference before it is committed.
/// </summary>
internal static class ApprovedText
{
    /// <summary>Fails when the text is not the approved one.</summary>
    /// <param name="name">The file.</param>
    /// <param name="text">What there is now.</param>
    /// <param name="meaning">What it means that the text has changed; nothing: no more than that it has to be read.</param>
    /// <param name="test">The test's own file.</param>
    public static void Check(string name, string text, string meaning = "", [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Folder(test), name);
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
            File.WriteAllText(file, text);
        var approved = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(approved == text, string.Join(Environment.NewLine,
            $"Approved/{name} says otherwise; to approve the new text run this test with APPROVE=1.", meaning, Difference(approved, text)));
    }

    /// <summary>Names of the approved files beside a test.</summary>
    /// <param name="test">The test's own file.</param>
    public static IEnumerable<string> Names([CallerFilePath] string test = "") => Directory.GetFiles(Folder(test)).Select(file => Path.GetFileName(file));

    private static string Folder(string test) => Path.Combine(Path.GetDirectoryName(test)!, "Approved");

    /// <summary>Lines that are gone begin with -, new ones with +.</summary>
    private static string Difference(string approved, string text)
    {
        var (before, after) = (approved.Split('\n'), text.Split('\n'));
        var same = before.Zip(after).TakeWhile(lines => lines.First == lines.Second).Count();
        var sameEnd = before.Reverse().Zip(after.Reverse()).TakeWhile(lines => lines.First == lines.Second).Count();
        sameEnd = Math.Min(sameEnd, Math.Min(before.Length, after.Length) - same);
        return string.Join(Environment.NewLine,
        [
            $"@@ line {same + 1} @@",
            .. before[same..^sameEnd].Select(line => $"- {line}"),
            .. after[same..^sameEnd].Select(line => $"+ {line}"),
        ]);
    }
}
