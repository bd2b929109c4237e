using System.CommandLine;
using OrderSample.Bench;
using OrderSample.Bench.Shared;

var part = new Argument<Part>("part") { Description = "What to measure.", DefaultValueFactory = _ => Part.Compare };
var rounds = new Option<int>("--rounds") { Description = "How often each figure is measured; the table shows the medians.", DefaultValueFactory = _ => 3 };
var orders = new Option<int>("--orders") { Description = "How many orders a throughput is measured over.", DefaultValueFactory = _ => 1_000 };
var seconds = new Option<double>("--seconds") { Description = "How long orders are offered at each rate.", DefaultValueFactory = _ => 15 };
var inFlight = new Option<int>("--in-flight") { Description = "How many orders are on their way at a time, where as many are offered as are accepted.", DefaultValueFactory = _ => 64 };
var warmUp = new Option<int>("--warm-up") { Description = "How many orders each system completes before anything is measured.", DefaultValueFactory = _ => 1_000 };
var quick = new Option<bool>("--quick") { Description = "One short round of everything, to see that it works; its figures say little." };
var environment = new Option<string[]>("--environment") { Description = "What makes a variant: a variable that the services of one of two real systems get.", HelpName = "NAME=VALUE" };
var output = new Option<DirectoryInfo>("--output") { Description = "Where the results are written to, as Markdown and JSON.", HelpName = "FOLDER", DefaultValueFactory = _ => new DirectoryInfo("artifacts/bench") };
rounds.AddRange(1, 100);
orders.AddRange(1, 1_000_000);
seconds.AddRange(0.1, 600);
inFlight.AddRange(1, 1_000);
warmUp.AddRange(0, 100_000);
environment.Validators.Add(result =>
{
    foreach (var token in result.Tokens.Where(x => x.Value.IndexOf('=', StringComparison.Ordinal) < 1))
        result.AddError($"--environment takes NAME=VALUE, not '{token.Value}'.");
});

var root = new RootCommand("Measures the order system beside a native twin that does the same by hand, on servers of its own that are removed afterwards.")
{
    part, rounds, orders, seconds, inFlight, warmUp, quick, environment, output,
};
root.SetAction((arguments, cancellationToken) =>
{
    var options = new BenchOptions(arguments.GetValue(part), arguments.GetValue(rounds), arguments.GetValue(orders), TimeSpan.FromSeconds(arguments.GetValue(seconds)),
        arguments.GetValue(inFlight), arguments.GetValue(warmUp), Stored: 100_000, Undeliverable: 10_000, Backlog: 1_000_000,
        [.. (arguments.GetValue(environment) ?? []).Select(x => x.Split('=', 2)).Select(x => (x[0], x[^1]))], arguments.GetRequiredValue(output));
    return Bench.Run(arguments.GetValue(quick) ? options.Quick() : options, $"./bench/run.sh {string.Join(' ', args)}".TrimEnd(), cancellationToken);
});

// After Ctrl-C the systems are stopped and their data removed, which takes longer than the library's two seconds.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
