using System.CommandLine;
using OrderSample.Bench.Confirms;
using OrderSample.Bench.Confirms.Consuming;
using OrderSample.Bench.Shared;

var rounds = new Option<int>("--rounds") { Description = "How often each kind is measured; the table shows the medians.", DefaultValueFactory = _ => 3 };
var seconds = new Option<double>("--seconds") { Description = "How long one kind publishes or consumes in one round.", DefaultValueFactory = _ => 2 };
var only = new Option<string?>("--only") { Description = "Measure only one part." };
var json = new Option<FileInfo?>("--json") { Description = "Write the results to this file, too.", HelpName = "FILE" };
rounds.AddRange(1, 100);
seconds.AddRange(0.1, 600);
only.AcceptOnlyFromAmong([.. Enum.GetNames<Part>().Select(x => x.ToLowerInvariant())]);
json.Validators.Add(result =>
{
    if (result.GetValueOrDefault<FileInfo?>() is { Directory.Exists: false } file)
        result.AddError($"There is no folder {file.DirectoryName}.");
});

var root = new RootCommand("Measures kinds of publishing to RabbitMQ and of acknowledging, and counts what each loses, on a broker of its own that is removed afterwards.")
{
    rounds, seconds, only, json,
};
root.SetAction((arguments, cancellationToken) => Bench.Run(
    new BenchOptions(arguments.GetValue(rounds), TimeSpan.FromSeconds(arguments.GetValue(seconds)),
        arguments.GetValue(only) is { } part ? Enum.Parse<Part>(part, ignoreCase: true) : null, arguments.GetValue(json)),
    cancellationToken));
root.Subcommands.Add(KilledConsumer.Command());

// After Ctrl-C the broker is stopped and its folder removed, which takes longer than the library's two seconds.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(40) });
