using System.Data.Common;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Console.Handbook;

/// <summary>Puts this system's addresses and its data folder into the pages' commands, in place of the demo's.</summary>
internal sealed class HandbookAddresses(IConfiguration configuration, IOptions<DeadLetterOptions> broker)
{
    private const string DemoFolder = ".data";

    /// <summary>A page with what this system has.</summary>
    /// <param name="markdown">The page as it is written.</param>
    /// <param name="console">The address that the console is looked at.</param>
    public string FillIn(string markdown, Uri console)
    {
        foreach (var (written, here) in Places(console))
        {
            if (here is not null)
                markdown = markdown.Replace(written, here, StringComparison.Ordinal);
        }

        return markdown;
    }

    private IEnumerable<(string Written, string? Here)> Places(Uri console)
    {
        yield return ("localhost:5100", console.Authority);
        foreach (var (written, service) in new[] { ("localhost:5101", ServiceNames.Orders), ("localhost:5102", ServiceNames.Inventory), ("localhost:5103", ServiceNames.Notifications) })
            yield return (written, configuration.GetValue<Uri>($"Services:{service}:http:0")?.Authority);
        yield return ("localhost:RABBITMQ-HTTP-PORT", broker.Value.ManagementUrl?.Authority);
        yield return ("POSTGRES-PORT", PortOf(configuration.GetConnectionString("backoffice-db")));
        // In the commands, where it begins a path.
        if (configuration["Handbook:DataFolder"] is { } folder)
        {
            foreach (var before in new[] { "$(cat ", "-b ", "-c " })
                yield return ($"{before}{DemoFolder}/", $"{before}{folder}/");
        }
    }

    private static string? PortOf(string? connection)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = connection };
        return parts.TryGetValue("Port", out var port) ? (string)port : null;
    }
}
