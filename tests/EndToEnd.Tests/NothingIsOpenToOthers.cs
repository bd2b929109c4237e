using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>The system as ./run.sh starts it, looked at from outside.</summary>
[Collection(StartedAppHostCollection.Name)]
public sealed class NothingIsOpenToOthers(StartedAppHost started)
{
    [Fact]
    public async Task When_everything_is_up_it_listens_on_loopback_only_and_no_trace_holds_a_password()
    {
        var app = started.App;
        var sockets = ListeningSockets.Of(app.Folders);
        // Broker, its management and name server, database, four services, and the dashboard.
        Assert.True(sockets.Length >= 9, $"Only {sockets.Length} sockets were found.");
        Assert.All(sockets, socket => Assert.True(IPAddress.IsLoopback(socket.Address), $"{socket.Process} listens on {socket.Address}."));

        string[] passwords = [.. app.Folders.SelectMany(PasswordsOf).Distinct()];
        Assert.True(passwords.Length >= 4, $"Only {passwords.Length} passwords were found.");
        // The link that it has printed is as good as a password.
        using (var console = new HttpClient { BaseAddress = app.UrlOf("backoffice") })
        {
            var link = app.UrlOf("Console");
            Assert.Contains(link.Query["?token=".Length..], passwords);
            Assert.Contains("Your name", await console.GetStringAsync(link), StringComparison.Ordinal);
            using var signedIn = await console.PostAsJsonAsync("/access/sessions", new { token = link.Query["?token=".Length..], name = "ada" });
            signedIn.EnsureSuccessStatusCode();
        }

        await app.Place();
        using var dashboard = started.Dashboard();
        foreach (var (telemetry, last) in new[] { ("traces", "notification-email OrderReserved receive"), ("logs", "by Email") })
        {
            var all = await Holding(last, () => dashboard.GetStringAsync($"/api/telemetry/{telemetry}"));
            Assert.All(passwords, password => Assert.DoesNotContain(password, all, StringComparison.Ordinal));
        }
    }

    /// <summary>Waits until what is read holds the last that is expected of it.</summary>
    private static async Task<string> Holding(string last, Func<Task<string>> read)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        var started = Stopwatch.GetTimestamp();
        var text = await read();
        while (!text.Contains(last, StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < OrderSystem.Deadline, $"'{last}' is not in: {text}");
            await timer.WaitForNextTickAsync();
            text = await read();
        }

        return text;
    }

    /// <summary>What the services were given to connect with.</summary>
    private static IEnumerable<string> PasswordsOf(string process) =>
        from variable in File.ReadAllText(Path.Combine(process, "environ")).Split('\0')
        where variable.StartsWith("ConnectionStrings__", StringComparison.Ordinal) || variable.StartsWith("SignIn__", StringComparison.Ordinal)
        from Match match in Regex.Matches(variable, "(?:(?:Password|SignIn__Token)=([^;]+)|amqp://[^:]+:([^@]+)@)", RegexOptions.None, TimeSpan.FromSeconds(1))
        select match.Groups[1].Success ? match.Groups[1].Value : Uri.UnescapeDataString(match.Groups[2].Value);
}
