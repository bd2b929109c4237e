using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using OrderSample.Servers.Containers;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>The AppHost as ./run.sh starts it: a process of its own, here on free ports and with a data folder of the test's own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private const string Mark = "ORDERSAMPLE_TEST_RUN";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly ConcurrentQueue<string> _output = new();
    private readonly string _data;
    private readonly Process _process;

    public AppHostProcess(string dataFolder, params string[] arguments)
    {
        _data = dataFolder;
        // What a shell starts in the background ignores Ctrl-C, and so does all that it starts; here it is to count.
        var start = new ProcessStartInfo("env", [
            "--default-signal=INT", "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "OrderSample.AppHost.dll"),
            $"--Servers:Data={dataFolder}", "--DcpPublisher:RandomizePorts=true", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Everything that it starts inherits this, and can be found by it.
        start.Environment[Mark] = _run;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join(Environment.NewLine, _output);

    /// <summary>The processes that are still there of all that this AppHost, or what it started, ever started.</summary>
    public string[] Left => [.. Folders.Select(CommandLine)];

    /// <summary>Their folders below /proc.</summary>
    public IEnumerable<string> Folders => Directory.EnumerateDirectories("/proc").Where(IsOfThisRun);

    /// <summary>Waits until it says that everything is up.</summary>
    public async Task IsUp()
    {
        var up = await Holds(() => Output.Contains("Everything is up", StringComparison.Ordinal) || _process.HasExited, Deadline);
        Assert.True(up && !_process.HasExited, $"The AppHost did not come up.{Environment.NewLine}{Output}");
    }

    /// <summary>What the table of resources, or a line below it, gives as a resource's URL.</summary>
    public Uri UrlOf(string resource) => new(Regex.Match(Output, $@"{resource}\b[^\n]*?(http://\S+)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value);

    /// <summary>Places an order.</summary>
    public async Task<Guid> Place()
    {
        using var http = new HttpClient { BaseAddress = UrlOf("order-service") };
        using var response = await http.PostAsJsonAsync("/orders", Sample.Order("KETTLE"));
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<PlacedOrder>())!.OrderId;
    }

    /// <summary>Waits for an order's status.</summary>
    public async Task Reaches(Guid orderId, string status)
    {
        using var http = new HttpClient { BaseAddress = UrlOf("order-service") };
        OrderView? order = null;
        await Until(async () =>
        {
            order = await http.GetFromJsonAsync<OrderView>($"/orders/{orderId}");
            return order!.Status == status;
        }, () => $"The order is {order?.Status}, not {status}.{Environment.NewLine}{Output}");
    }

    /// <summary>Waits for a condition.</summary>
    public static async Task Until(Func<Task<bool>> condition, Func<string> failure)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < OrderSystem.Deadline, failure());
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Ends(TimeSpan within)
    {
        using var timeout = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new Xunit.Sdk.XunitException($"The AppHost did not end within {within.TotalSeconds} s.{Environment.NewLine}{Output}");
        }
    }

    /// <summary>Ctrl-C.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>SIGKILL, of the AppHost alone.</summary>
    public void Kill() => _process.Kill();

    public async Task NothingIsLeft(TimeSpan within)
    {
        var gone = await Holds(() => Left.Length == 0, within);
        Assert.True(gone, $"Still there after {within.TotalSeconds} s:{Environment.NewLine}{string.Join(Environment.NewLine, Left)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await Holds(() => Left.Length == 0, TimeSpan.FromSeconds(30));
        _process.Dispose();
        RemoveContainers();
    }

    /// <summary>Those that it leaves for its next start.</summary>
    private void RemoveContainers()
    {
        var id = Path.Combine(_data, "id");
        if (!File.Exists(id) || ContainerRuntime.Find(wanted: null) is not { } runtime)
            return;
        foreach (var name in new[] { "rabbitmq", "postgres" }.Select(server => ContainerExtensions.NameOf(server, File.ReadAllText(id))))
            ContainerRuntime.Remove(runtime, container: name, volume: name);
    }

    private static async Task<bool> Holds(Func<bool> condition, TimeSpan within)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > within)
                return false;
            await timer.WaitForNextTickAsync();
        }

        return true;
    }

    private bool IsOfThisRun(string folder)
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(folder)[0])
                && File.ReadAllText(Path.Combine(folder, "environ")).Contains($"{Mark}={_run}", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or is somebody else's.
            return false;
        }
    }

    private static string CommandLine(string folder)
    {
        try
        {
            return $"{Path.GetFileName(folder)} {File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            return Path.GetFileName(folder);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _output.Enqueue(line);
    }
}
