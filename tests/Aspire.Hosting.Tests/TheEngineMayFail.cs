using System.Diagnostics;
using System.Net;
using System.Net.Security;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Orchestration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests;

public sealed class TheEngineMayFail : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(60));

    [Fact]
    public async Task When_the_engine_was_killed_the_application_still_ends_and_leaves_no_folder()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true, ProjectDirectory = Path.GetTempPath() });
        builder.AddExecutable("sleeper", "/bin/sleep", ".", "1000");
        var app = builder.Build();
        await app.StartAsync(_deadline.Token);
        await app.ResourceNotifications.WaitForResourceAsync("sleeper", KnownResourceStates.Running, _deadline.Token);
        var folder = app.Services.GetRequiredService<DataFolders>().Session;

        foreach (var engine in ProcessesOf(folder))
        {
            engine.Kill();
            await engine.WaitForExitAsync(_deadline.Token);
        }

        await app.DisposeAsync();
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task When_the_engine_s_stream_has_events_that_name_no_process_the_others_are_still_read()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var engine = builder.Build();
        engine.MapGet("/{**path}", () => Results.Text("""
            {"type":"BOOKMARK","object":{"metadata":{}}}
            {"type":"ERROR","object":{"kind":"Status","metadata":{},"status":"Failure","code":410}}
            {"type":"MODIFIED","object":{"metadata":{},"status":{"state":"Running"}}}
            {"type":"MODIFIED","object":{"metadata":{"name":"gone","uid":"1","deletionTimestamp":"2026-01-01T00:00:00Z"},"status":{"state":"Finished"}}}
            {"type":"ADDED","object":{"metadata":{"name":"there","uid":"2"},"status":{"state":"Running","pid":42}}}
            """));
        await engine.StartAsync(_deadline.Token);
        using var client = new DcpClient(new Uri(engine.Urls.Single()), "token", new SslClientAuthenticationOptions());

        var changes = new List<DcpExecutableChange>();
        await foreach (var change in client.WatchExecutables(_deadline.Token))
            changes.Add(change);

        Assert.Equal([new DcpExecutableChange("there", "2", new DcpExecutableStatus("Running", 42, ExitCode: null))], changes);
    }

    public void Dispose() => _deadline.Dispose();

    private static List<Process> ProcessesOf(string folder) =>
    [
        .. Process.GetProcesses().Where(x => CommandLine(x) is { } line && line.Contains("/dcp", StringComparison.Ordinal) && line.Contains(folder, StringComparison.Ordinal)),
    ];

    private static string? CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }
    }
}
