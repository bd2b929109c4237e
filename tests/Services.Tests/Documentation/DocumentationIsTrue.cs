using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrderSample.Services.Tests.Documentation;

/// <summary>What README.md and docs/ point at is there: files and tests are renamed, and nobody tells a text.</summary>
public sealed partial class DocumentationIsTrue
{
    public static TheoryData<string> Pages => [.. Repository.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_leads_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        var targets = Link().Matches(Repository.Read(page)).Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith('#'));
        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(folder, target.Split('#')[0])), target));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_is_read_in_one_go(string page) => Assert.InRange(File.ReadLines(Path.Combine(Repository.Root, page)).Count(), 1, 120);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_named_test_exists(string page) => Assert.All(NamedTests(Repository.Read(page)), name => Assert.True(Repository.HasTest(name), name));

    [Fact]
    public void The_handbook_s_index_names_every_page()
    {
        var index = Repository.Read("docs/handbook/README.md");
        var pages = Repository.Pages.Where(page => page.StartsWith("docs/handbook/", StringComparison.Ordinal))
            .Select(page => Path.GetFileName(page)).Where(name => name != "README.md");
        Assert.All(pages, page => Assert.Contains($"({page})", index, StringComparison.Ordinal));
    }

    [Fact]
    public void The_way_through_the_code_is_where_the_page_says()
    {
        var stops = Stop().Matches(Repository.Read("docs/code-tour.md"));
        Assert.InRange(stops.Count, 10, 15);
        Assert.All(stops, stop =>
        {
            var (line, code) = (int.Parse(stop.Groups["line"].Value, CultureInfo.InvariantCulture), stop.Groups["code"].Value);
            Assert.Equal($"line {line}", stop.Groups["says"].Value);
            Assert.Contains(code, Repository.Read($"docs/{stop.Groups["path"].Value}").Split('\n')[line - 1], StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_alert_asks_for_a_meter_that_there_is_and_says_what_to_do()
    {
        var exported = Exported();
        var alerts = Repository.Read("docs/alerts.yml").Split("- alert: ")[1..];

        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert =>
        {
            Assert.All(((string[])["expr: ", "for: ", "severity: ", "summary: ", "action: "]), part => Assert.Contains(part, alert, StringComparison.Ordinal));
            Assert.All(Asked().Matches(alert), asked => Assert.Contains(asked.Value, exported));
            Assert.Matches(Asked(), alert);
        });
    }

    [Fact]
    public void Every_panel_of_the_dashboard_asks_for_a_meter_that_there_is()
    {
        var exported = Exported();
        using var dashboard = JsonDocument.Parse(Repository.Read("docs/dashboard.json"));
        var asked = dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!).ToList();

        Assert.NotEmpty(asked);
        Assert.All(asked, expression =>
        {
            Assert.All(Asked().Matches(expression), name => Assert.Contains(name.Value, exported));
            Assert.Matches(Asked(), expression);
        });
    }

    /// <summary>The meters in the code, by the names that Prometheus has them under.</summary>
    private static HashSet<string> Exported()
    {
        var sources = ((string[])["ServiceDefaults", "services"]).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !Repository.IsBuilt(file)).Select(File.ReadAllText);
        return [.. sources.SelectMany(text => Meter().Matches(text)).Select(x =>
            x.Groups["name"].Value.Replace('.', '_') + (x.Groups["unit"].Value == "s" ? "_seconds" : "") + (x.Groups["kind"].Value == "Counter" ? "_total" : x.Groups["kind"].Value == "Histogram" ? "_bucket" : ""))];
    }

    /// <summary>
    /// <c>Class.Method_in_words</c> anywhere; in a table whose last column is headed "test" also a class alone, and
    /// <c>…Method_in_words</c> for the class named before.
    /// </summary>
    private static IEnumerable<string> NamedTests(string text)
    {
        var inTestTable = false;
        foreach (var line in text.Split('\n'))
        {
            inTestTable = TestTableHeader().IsMatch(line) || (inTestTable && line.StartsWith('|'));
            var names = Code().Matches(inTestTable ? LastCell(line) : line).Select(match => match.Groups[1].Value);
            var lastClass = "";
            foreach (var name in names.Where(name => inTestTable || Qualified().IsMatch(name)))
            {
                yield return name.StartsWith('…') ? $"{lastClass}.{name[1..]}" : name;
                lastClass = name.StartsWith('…') ? lastClass : name.Split('.')[0];
            }
        }
    }

    private static string LastCell(string row) => row.TrimEnd(' ', '|').Split('|')[^1];

    [GeneratedRegex(@"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[[^\]]*, (?<says>line \d+)\]\((?<path>[^)#]+)#L(?<line>\d+)\): `(?<code>[^`]+)`")]
    private static partial Regex Stop();

    [GeneratedRegex(@"Create(Observable)?(?<kind>Gauge|Counter|Histogram)(<\w+>)?\(""(?<name>ordersample[.\w]+)""(, (\(\) => [^""]+, )?""(?<unit>\w+)"")?")]
    private static partial Regex Meter();

    [GeneratedRegex(@"ordersample_\w+")]
    private static partial Regex Asked();

    [GeneratedRegex(@"`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\|\s*(the )?tests?\s*\|\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex TestTableHeader();

    [GeneratedRegex(@"^[A-Z]\w*\.[A-Z][a-z]*_\w+$")]
    private static partial Regex Qualified();
}
