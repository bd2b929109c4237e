using System.CommandLine;
using System.Globalization;
using OrderSample.Bench.Shared;
using OrderSample.Failures.Breaking;
using OrderSample.Failures.Reporting;
using OrderSample.Failures.Running;

// Reports read the same on every machine.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var faults = new Option<string[]>("--faults") { Description = "What fails, separated by commas; everything when missing.", HelpName = "FAULT,...", AllowMultipleArgumentsPerToken = true };
var ways = new Option<string[]>("--ways") { Description = "How the system is run meanwhile: addresses, haproxy, replicas; each that a fault is for when missing.", HelpName = "WAY,...", AllowMultipleArgumentsPerToken = true };
var rounds = new Option<int>("--rounds") { Description = "How often each; the table shows the medians.", DefaultValueFactory = _ => 3 };
var rate = new Option<int>("--rate") { Description = "Orders a second.", DefaultValueFactory = _ => 12 };
var output = new Option<DirectoryInfo>("--output") { Description = "Where the results are written to, as Markdown, after each fault.", HelpName = "FOLDER", DefaultValueFactory = _ => new DirectoryInfo("artifacts/failures") };
var list = new Option<bool>("--list") { Description = "Names the faults." };
rounds.AddRange(1, 100);
rate.AddRange(1, 1_000);

var root = new RootCommand("Lets a node, a replica or the database's connections fail while orders come at a steady pace, and prints for how long nothing was completed, or accepted, and what happened when.")
{
    faults, ways, rounds, rate, output, list,
};
root.SetAction(async (arguments, cancellationToken) =>
{
    // The app host prints, too; on standard output are the results alone.
    var results = Console.Out;
    if (arguments.GetValue(list))
    {
        foreach (var failure in Failure.All)
            await results.WriteLineAsync($"{failure.Name,-16} {failure.Says} ({string.Join(", ", failure.Ways.Select(x => x.Name))})");
        return 0;
    }

    Console.SetOut(Console.Error);
    try
    {
        var startedAt = DateTimeOffset.UtcNow;
        var options = new FailuresOptions(Failure.Named(Names(arguments.GetValue(faults))), Way.Named(Names(arguments.GetValue(ways))), arguments.GetValue(rounds), arguments.GetValue(rate));
        var machine = await Machine.Describe("local servers", cancellationToken);
        var folder = arguments.GetRequiredValue(output);
        folder.Create();
        await results.WriteLineAsync(Written(await FailuresRun.Run(options, rounds => File.WriteAllTextAsync(
            Path.Combine(folder.FullName, $"{startedAt:yyyyMMdd-HHmmss}.md"), Written(rounds), cancellationToken), cancellationToken)));
        return 0;

        string Written(IReadOnlyList<Round> rounds) => new Report($"./bench/run.sh failures {string.Join(' ', args)}".TrimEnd(), machine, startedAt, rounds).ToMarkdown();
    }
    catch (ArgumentException exception)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return 2;
    }
    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
    {
        await Console.Error.WriteLineAsync("Stopped; what was broken is restored, the systems and their data are removed.");
        return 130;
    }
    catch (InvalidOperationException exception)
    {
        await Console.Error.WriteLineAsync(exception.ToString());
        return 1;
    }
});

// After Ctrl-C what hangs goes on, and the system and its data are removed.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(3) });

static string[] Names(string[]? given) => [.. (given ?? []).SelectMany(x => x.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
