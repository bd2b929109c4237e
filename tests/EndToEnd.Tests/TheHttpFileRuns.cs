using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using OrderSample.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.EndToEnd.Tests;

/// <summary>docs/ordersample.http is sent as it stands there, but for the addresses and ids at its top.</summary>
[Collection(SystemCollection.Name)]
public sealed partial class TheHttpFileRuns(OrderSystem system, ITestOutputHelper output)
{
    private static readonly string RepositoryRoot =
        typeof(TheHttpFileRuns).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(x => x.Key == "RepositoryRoot").Value!;

    private static readonly string[] Services = ["orders", "inventory", "notifications", "console"];

    [Fact]
    public async Task When_all_of_it_is_sent_each_answer_has_the_status_that_the_file_says()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot, "docs", "ordersample.http"));
        var token = await system.Backoffice.MakeToken("Operator");
        var values = Variable().Matches(text).Select(x => x.Groups["name"].Value).ToDictionary(name => name, name => name == "token" ? token : Services.Contains(name) ? Address(name) : $"{Guid.NewGuid()}");
        var requests = Request().Matches(Used().Replace(text, x => values[x.Groups[1].Value]));
        Assert.Equal(text.Split("\n### ").Length - 1, requests.Count);

        using var http = new HttpClient();
        foreach (Match request in requests)
        {
            using var message = new HttpRequestMessage(new HttpMethod(request.Groups["method"].Value), request.Groups["url"].Value.Trim());
            if (request.Groups["body"].Value.Trim() is { Length: > 0 } body)
                message.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.SendAsync(message);
            output.WriteLine($"{request.Groups["title"].Value}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            Assert.Equal(request.Groups["status"].Value, ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
        }

        await system.Eventually("the experiment to end", cancel => system.Backoffice.Http.GetStringAsync("/lab/runs", cancel), runs => !runs.Contains("\"Running\"", StringComparison.Ordinal) && !runs.Contains("PuttingBack", StringComparison.Ordinal));
        await system.Orders.Reaches(Guid.Parse(values["order"]), "Completed");
        await system.Orders.Reaches(Guid.Parse(values["cancelled"]), "Cancelled");
    }

    private string Address(string name) =>
        system.App.GetEndpoint(name == "console" ? "backoffice" : $"{(name == "inventory" ? name : name.TrimEnd('s'))}-service", "http").ToString().TrimEnd('/');

    [GeneratedRegex(@"^@(?<name>\w+) = (?<value>.+)$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Used();

    [GeneratedRegex(@"^### (?<title>.+): (?<status>\d{3})\n(?<method>[A-Z]+) (?<url>\S+)\n(?<headers>([\w-]+: .+\n)*)(?<body>[^#]*)", RegexOptions.Multiline)]
    private static partial Regex Request();
}
