using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using OrderSample.Bench.Confirms.Running;

namespace OrderSample.Bench.Confirms.Consuming;

/// <summary>A consumer as a process of its own, which can be killed: it writes a line for each message whose work is done.</summary>
internal static class KilledConsumer
{
    private const string Verb = "consume";

    /// <summary>With user and password, so not among the arguments, which other users can see.</summary>
    private const string AddressVariable = "CONFIRMS_BROKER";

    /// <summary>What working on one message takes.</summary>
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(1);

    /// <summary>Starts the process, kills it once it has handled so many messages, and says which it had handled.</summary>
    public static async Task<IReadOnlySet<int>> Run(Uri broker, string queue, AckKind kind, int killAfter, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(KilledConsumer).Assembly.Location);
        foreach (var argument in (string[])[Verb, queue, kind.Time.ToString(), kind.Prefetch.ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        start.Environment[AddressVariable] = broker.ToString();

        var handled = new HashSet<int>();
        using var process = Process.Start(start)!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                handled.Add(int.Parse(line, CultureInfo.InvariantCulture));
                if (handled.Count == killAfter)
                    process.Kill();
            }
        }
        finally
        {
            process.Kill();
        }

        await process.WaitForExitAsync(cancellationToken);
        return handled.Count >= killAfter ? handled
            : throw new InvalidOperationException($"The consumer ended by itself, with exit code {process.ExitCode}.");
    }

    /// <summary>What the process runs.</summary>
    public static Command Command()
    {
        var queue = new Argument<string>("queue");
        var time = new Argument<AckTime>("time");
        var prefetch = new Argument<ushort>("prefetch");
        var command = new Command(Verb, "The consumer that this program starts and kills.") { queue, time, prefetch };
        command.Hidden = true;
        command.SetAction((arguments, token) =>
            Consume(arguments.GetRequiredValue(queue), new AckKind(arguments.GetRequiredValue(time), arguments.GetRequiredValue(prefetch)), token));
        return command;
    }

    private static async Task Consume(string queue, AckKind kind, CancellationToken cancellationToken)
    {
        var broker = new Uri(Environment.GetEnvironmentVariable(AddressVariable)
            ?? throw new InvalidOperationException($"{AddressVariable} is not set: this consumer is for the program itself to start."));
        await using var connection = await BenchBroker.Connect(broker, cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await Consumption.Begin(channel, queue, kind, async message =>
        {
            await Task.Delay(Work);
            // Unbuffered: what is written is known even if this process dies at once.
            await Console.Out.WriteLineAsync(message.BasicProperties.MessageId);
        }, cancellationToken);

        // Until it is killed, or whoever started it is gone.
        await Console.In.ReadToEndAsync(cancellationToken);
    }
}
