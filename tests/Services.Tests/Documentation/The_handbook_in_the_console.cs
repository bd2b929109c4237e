using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Console.Handbook;

namespace OrderSample.Services.Tests.Documentation;

public sealed partial class The_handbook_in_the_console
{
    private static readonly HandbookFiles Files = new();

    public static TheoryData<string> Pages => [.. Files.Names];

    [Fact]
    public void It_has_every_page_of_docs_and_begins_with_its_index()
    {
        Assert.Equal(Repository.Pages.Where(page => page.StartsWith("docs/", StringComparison.Ordinal)).Order(), Files.Names.Select(HandbookFiles.PathOf).Order());
        Assert.Equal(["README", "message-table-and-resend"], Files.Names.Take(2));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Its_links_lead_to_pages_and_its_diagrams_have_pictures(string name)
    {
        var text = HandbookText.Read(name, Files.Find(name)!, Files);

        Assert.NotEmpty(text.Parts);
        Assert.DoesNotContain('`', text.Title);
        var html = string.Concat(text.Parts.Select(part => part is HandbookPart.Prose prose ? prose.Html : part is HandbookPart.Grid grid ? grid.Html : ""));
        Assert.All(Address().Matches(html).Select(match => match.Groups[1].Value), address =>
        {
            if (address.Contains("://", StringComparison.Ordinal))
                return;
            Assert.StartsWith("/handbook", address, StringComparison.Ordinal);
            var page = address["/handbook".Length..].TrimStart('/').Split('#')[0];
            Assert.NotNull(Files.Find(page.Length == 0 ? HandbookFiles.Index : page));
        });
        Assert.All(text.Parts.OfType<HandbookPart.Diagram>(), diagram => Assert.True(diagram.Picture is not null, "eng/diagrams.sh draws it."));
    }

    [Fact]
    public void An_anchor_leads_to_its_heading()
    {
        var index = HandbookText.Read("README", Files.Find("README")!, Files);
        var page = HandbookText.Read("returns-and-alternate-exchange", Files.Find("returns-and-alternate-exchange")!, Files);
        Assert.Contains(page.Parts.OfType<HandbookPart.Prose>(), part => part.Html.Contains("href=\"/handbook#looking-inside\"", StringComparison.Ordinal));
        Assert.Contains(index.Parts.OfType<HandbookPart.Prose>(), part => part.Html.Contains("id=\"looking-inside\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Its_commands_have_this_system_s_addresses()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Services:order-service:http:0"] = "http://localhost:7001",
            ["ConnectionStrings:backoffice-db"] = "Host=localhost;Port=7005;Username=someone;Password=secret",
            ["Handbook:DataFolder"] = "/data/demo",
        }).Build();
        var addresses = new HandbookAddresses(configuration, Options.Create(new DeadLetterOptions { ManagementUrl = new("http://localhost:7006") }));

        var text = addresses.FillIn(
            "curl localhost:5101/orders; curl localhost:5102; cat localhost:5100 $(cat .data/x.password) psql -p POSTGRES-PORT http://localhost:RABBITMQ-HTTP-PORT/api", new Uri("http://localhost:7000/"));

        Assert.Equal("curl localhost:7001/orders; curl localhost:5102; cat localhost:7000 $(cat /data/demo/x.password) psql -p 7005 http://localhost:7006/api", text);
    }

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Address();
}
