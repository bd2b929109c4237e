using System.Runtime.CompilerServices;

namespace OrderSample.Services.Tests.Persistence;

/// <summary>
/// Text that somebody has read and found good, in a file beside the tests. To approve what has changed, run the tests
/// once with the environment variable <c>APPROVE=1</c>, and read the difference before it is committed.
/// </summary>
internal static class ApprovedText
{
    public static void Check(string name, string text, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(test)!, "Approved", name);
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
            File.WriteAllText(file, text);
        var approved = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(approved == text, $"Approved/{name} says otherwise; to approve the new text run this test with APPROVE=1.{Environment.NewLine}{Difference(approved, text)}");
    }

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
