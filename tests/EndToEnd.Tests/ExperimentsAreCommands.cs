using System.Diagnostics;
using System.Text.Json;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>As <c>./run.sh lab</c> does it, with two replicas of each service: whichever of the consoles is asked knows the run.</summary>
[Collection(StartedAppHostCollection.Name)]
public sealed class ExperimentsAreCommands(StartedAppHost started)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task When_one_passes_its_evidence_is_printed_and_the_exit_code_is_0()
    {
        var (code, output, errors) = await Lab("payment-meets-cancellation");

        Assert.True(code == 0, $"{code}: {output}{errors}");
        var run = JsonElement.Parse(output);
        Assert.Equal("Passed", run.GetProperty("status").GetString());
        Assert.Equal(20, run.GetProperty("orders").GetArrayLength());
        Assert.All(run.GetProperty("checks").EnumerateArray(), check => Assert.True(check.GetProperty("holds").GetBoolean()));
        Assert.Contains("Pay and cancel each at once", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_a_replica_is_killed_by_one_the_other_does_its_work_and_it_is_started_again()
    {
        var (code, output, errors) = await Lab("killed-replica");

        Assert.True(code == 0, $"{code}: {output}{errors}");
        Assert.Contains(JsonElement.Parse(output).GetProperty("checks").EnumerateArray(), check => check.GetProperty("seen").GetString() == "1 of 2 run");
    }

    [Theory]
    [InlineData("poison-message", "start the system without --replicas")]
    [InlineData("no-such-thing", "There is no such experiment.")]
    public async Task When_one_can_not_be_run_it_says_why_and_the_exit_code_is_2(string name, string why)
    {
        var (code, output, errors) = await Lab(name);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(why, errors, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Errors)> Lab(string name)
    {
        using var timeout = new CancellationTokenSource(Limit);
        using var process = Process.Start(new ProcessStartInfo("dotnet",
            ["exec", Path.Combine(AppContext.BaseDirectory, "OrderSample.AppHost.dll"), "lab", name, "--url", $"{started.App.UrlOf("backoffice")}", "--data", started.Data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(timeout.Token), process.StandardError.ReadToEndAsync(timeout.Token));
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, await output, await errors);
    }
}
