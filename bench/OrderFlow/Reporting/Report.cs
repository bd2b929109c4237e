using System.Globalization;
using System.Text;
using System.Text.Json;
using OrderSample.Bench.Measuring;
using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Reporting;

/// <summary>The results of a run.</summary>
/// <param name="Machine">Where it ran.</param>
/// <param name="StartedAt">When, UTC.</param>
/// <param name="Figures">What was measured.</param>
internal sealed record Report(Machine Machine, DateTimeOffset StartedAt, IReadOnlyList<Figure> Figures)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What made it.</summary>
    public string Command { get; init; } = "";

    /// <summary>The real system's statements that took the database server the most time, with the orders they were for.</summary>
    public StatementCosts? Statements { get; init; }

    /// <summary>The results as they go into a document.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"`{Command}`, {StartedAt:yyyy-MM-dd HH:mm} UTC\n\n{Machine}\n");
        // Figures of the same subjects are one table.
        foreach (var table in Figures.GroupBy(x => string.Join('|', x.Subjects.Select(y => y.Subject))))
        {
            string[] subjects = [.. table.First().Subjects.Select(x => x.Subject)];
            var compared = subjects.Length > 1;
            text.AppendHeader(["part", "figure", .. subjects, .. compared ? (string[])[$"{subjects[0]} ÷ {subjects[^1]}"] : [], "rounds"]);
            foreach (var figure in table)
            {
                text.AppendRow([figure.Part, $"{figure.Name}, {figure.Unit}", .. figure.Subjects.Select(x => Number(x.Median)),
                    .. compared ? (string[])[figure.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : ""] : [],
                    string.Join(" / ", figure.Subjects.Select(x => string.Join("; ", x.Rounds.Select(Number))))]);
            }
        }

        if (Statements is { } statements)
        {
            text.AppendHeader("statement", "calls an order", "ms an order");
            foreach (var statement in statements.Costliest)
                text.AppendRow($"`{Shorten(statement.Text)}`", Number((double)statement.Calls / statements.Orders), (statement.Milliseconds / statements.Orders).ToString("0.000", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>Writes both forms into a folder.</summary>
    public async Task Write(DirectoryInfo folder, CancellationToken cancellationToken)
    {
        folder.Create();
        var file = Path.Combine(folder.FullName, $"{StartedAt:yyyyMMdd-HHmmss}");
        await File.WriteAllTextAsync($"{file}.md", ToMarkdown(), cancellationToken);
        await File.WriteAllTextAsync($"{file}.json", JsonSerializer.Serialize(this, Json), cancellationToken);
        Progress.Say($"written to {file}.md and .json");
    }

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) switch { >= 100 => "N0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);

    private static string Shorten(string statement) =>
        (statement.Length <= 140 ? statement : statement[..140] + " …").Replace("|", "\\|", StringComparison.Ordinal);
}

/// <summary>What the database server worked on.</summary>
/// <param name="Orders">For how many orders.</param>
/// <param name="Costliest">Statements, the worst first.</param>
internal sealed record StatementCosts(int Orders, IReadOnlyList<StatementCost> Costliest);
