using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSample.AppHost.Switching;

namespace OrderSample.AppHost.Breaking;

/// <summary>
/// <c>./run.sh lab NAME</c>: has the running system carry an experiment out, tells of its steps, and prints its evidence as JSON. The exit
/// code is 0 when it passed, 1 when it did not, 2 when it could not be asked for.
/// </summary>
internal static class LabCommand
{
    private const string Help = """
        ./run.sh lab                 List the experiments.
        ./run.sh lab NAME            Run one against the running system, and print its evidence as JSON.
        ./run.sh lab all             Run all that this system has what they need for, one after another.

          --url URL                  the console's address (default http://localhost:5100)
          --data FOLDER              the data folder of the system, whose key is used (default .data)
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Does what the arguments after <c>lab</c> say.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (LabArguments.Read(arguments) is not { } wanted)
        {
            await Console.Error.WriteLineAsync(Help);
            return arguments is ["--help"] or ["-h"] ? 0 : 2;
        }

        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = wanted.Url };
        try
        {
            await SignInAsync(http, wanted.KeyFile);
            var known = await http.GetFromJsonAsync<JsonElement>("/lab/experiments");
            if (wanted.Name is not { } name)
            {
                Console.WriteLine(JsonSerializer.Serialize(known, Indented));
                return 0;
            }

            var passed = true;
            foreach (var experiment in known.EnumerateArray().Where(x => Is(x, name)).Select(x => x.GetProperty("name").GetString()!).DefaultIfEmpty(name))
                passed &= await RunAsync(http, experiment);
            return passed ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{exception.Message} Is the system running, at {wanted.Url}? ./run.sh lab --help");
            return 2;
        }
    }

    private static bool Is(JsonElement experiment, string name) =>
        name == "all" ? Text(experiment, "lacks") is null : Text(experiment, "name") == name;

    /// <summary>As the command of the dashboard does: who can read the data folder may do everything anyway.</summary>
    private static async Task SignInAsync(HttpClient http, string keyFile)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/access/links/app-host") { Content = JsonContent.Create(new { }) };
        request.Headers.Add(SwitchAccess.Header, await File.ReadAllTextAsync(keyFile));
        using var made = await http.SendAsync(request);
        var link = (await ReadAsync(made)).GetProperty("link").GetString()!;
        var token = Uri.UnescapeDataString(new Uri(link).Query["?token=".Length..]);
        using var signedIn = await http.PostAsJsonAsync("/access/sessions", new { token, name = Environment.UserName });
        await ReadAsync(signedIn);
    }

    private static async Task<bool> RunAsync(HttpClient http, string name)
    {
        using var started = await http.PostAsJsonAsync($"/lab/{Uri.EscapeDataString(name)}/runs", new { });
        var run = await ReadAsync(started);
        var path = $"/lab/runs/{run.GetProperty("id").GetString()}";
        using var timer = new PeriodicTimer(Interval);
        using var cancelled = new CancellationTokenSource();
        void Cancel(object? sender, ConsoleCancelEventArgs pressed)
        {
            // The run puts back what it broke, and then has ended.
            pressed.Cancel = true;
            cancelled.Cancel();
        }

        Console.CancelKeyPress += Cancel;
        try
        {
            var told = new HashSet<string>();
            var asked = false;
            while (Text(run, "endedAt") is null)
            {
                if (cancelled.IsCancellationRequested && !asked)
                {
                    asked = true;
                    using var answer = await http.PostAsJsonAsync($"{path}/cancel", new { });
                }

                await timer.WaitForNextTickAsync(CancellationToken.None);
                run = await http.GetFromJsonAsync<JsonElement>(path, CancellationToken.None);
                Tell(run, told);
            }
        }
        finally
        {
            Console.CancelKeyPress -= Cancel;
        }

        Console.WriteLine(JsonSerializer.Serialize(run, Indented));
        var status = Text(run, "status");
        await Console.Error.WriteLineAsync($"{name}: {status}. {Text(run, "problem")}".TrimEnd());
        return status == "Passed";
    }

    /// <summary>A line for each step that has begun, on the stream that is not the evidence.</summary>
    private static void Tell(JsonElement run, HashSet<string> told)
    {
        foreach (var step in run.GetProperty("steps").EnumerateArray())
        {
            if (Text(step, "startedAt") is { } at && told.Add(Text(step, "title")!))
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.Parse(at, CultureInfo.InvariantCulture):HH:mm:ss} {Text(step, "title")}"));
        }
    }

    /// <summary>What is null may be left out.</summary>
    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode == HttpStatusCode.NotFound)
            throw new HttpRequestException("There is no such experiment.");
        var answer = text.Length == 0 ? default : JsonElement.Parse(text);
        if (response.IsSuccessStatusCode)
            return answer;
        throw new HttpRequestException(answer.ValueKind == JsonValueKind.Object && Text(answer, "detail") is { } detail ? detail : $"The console answers {(int)response.StatusCode}.");
    }
}
