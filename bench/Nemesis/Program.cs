using System.CommandLine;
using System.Globalization;
using OrderSample.Bench.Shared;
using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Running;

// Reports read the same on every machine.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var minutes = new Option<double>("--minutes") { Description = "How long orders are offered and things break.", DefaultValueFactory = _ => 10 };
var rate = new Option<int>("--rate") { Description = "Orders a second.", DefaultValueFactory = _ => 20 };
var seed = new Option<int?>("--seed") { Description = "Decides faults and orders: the same seed, with the same options, replays the same schedule. Without it one is made up, and printed." };
var faults = new Option<string[]>("--faults") { Description = "The kinds of fault that may happen, separated by commas; all of them when missing.", HelpName = "KIND,...", AllowMultipleArgumentsPerToken = true };
var cluster = new Option<bool>("--cluster") { Description = "A broker of three nodes." };
var containers = new Option<bool>("--containers") { Description = "Broker and database in containers. Their processes are frozen and killed on this machine, so as root for Docker." };
var history = new Option<FileInfo?>("--history") { Description = "Replays the schedule of a history that a run has written; the other options of that run are taken from it, too.", HelpName = "FILE" };
var output = new Option<DirectoryInfo>("--output") { Description = "Where the history is written to.", HelpName = "FOLDER", DefaultValueFactory = _ => new DirectoryInfo("artifacts/nemesis") };
var list = new Option<bool>("--list") { Description = "Names the kinds of fault." };
var plan = new Option<bool>("--plan") { Description = "Prints the schedule, and runs nothing." };
minutes.AddRange(0.2, 24 * 60);
rate.AddRange(1, 1_000);

var root = new RootCommand("Breaks the running order system at random, under load, and checks afterwards that nothing was lost or done twice. Exit code 1 when a rule does not hold.")
{
    minutes, rate, seed, faults, cluster, containers, history, output, list, plan,
};
root.SetAction(async (arguments, cancellationToken) =>
{
    if (arguments.GetValue(list))
    {
        foreach (var kind in FaultKinds.All)
            Console.WriteLine($"{kind.Name,-20} {kind.Says}");
        return 0;
    }

    try
    {
        var options = Options(arguments);
        foreach (var fault in options.Schedule)
            (arguments.GetValue(plan) ? Console.Out : Console.Error).WriteLine(fault);
        return arguments.GetValue(plan) ? 0 : await Run(options, cancellationToken);
    }
    catch (ArgumentException exception)
    {
        await Console.Error.WriteLineAsync(exception.Message);
        return 2;
    }
});

// After Ctrl-C what is broken is healed, the system stopped and its data removed.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(3) });

NemesisOptions Options(ParseResult arguments)
{
    var folder = arguments.GetRequiredValue(output).FullName;
    if (arguments.GetValue(cluster) && arguments.GetValue(containers))
        throw new ArgumentException("A cluster runs on local servers only: use --cluster or --containers.");
    if (arguments.GetValue(history) is { } file)
        return NemesisOptions.Replay(file.FullName, folder);
    var names = (arguments.GetValue(faults) ?? []).SelectMany(x => x.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
    return new NemesisOptions(arguments.GetValue(seed) ?? Random.Shared.Next(1_000_000), TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(rate),
        new SystemShape(arguments.GetValue(cluster) ? 3 : 1, arguments.GetValue(containers)), names.Count == 0 ? FaultKinds.All : FaultKinds.Named(names), folder);
}

static async Task<int> Run(NemesisOptions options, CancellationToken cancellationToken)
{
    // The app host prints, too; on standard output is the verdict alone.
    var results = Console.Out;
    Console.SetOut(Console.Error);
    try
    {
        var verdict = await NemesisRun.Run(options, cancellationToken);
        await results.WriteLineAsync(verdict.ToString());
        return verdict.ExitCode;
    }
    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
    {
        await Console.Error.WriteLineAsync("Stopped; what was broken is healed, the system and its data are removed.");
        return 130;
    }
    catch (InvalidOperationException exception)
    {
        await Console.Error.WriteLineAsync(exception.ToString());
        return 1;
    }
}
