using System.Diagnostics;
using System.Runtime.Versioning;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrderSample.Servers;

namespace OrderSample.AppHost.Tests;

[SupportedOSPlatform("linux"), Trait("Category", "Servers")]
public sealed class PostgreSQL_is_started : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>Closed to the user that PostgreSQL runs as, when the tests run as root.</summary>
    private readonly TemporaryFolder _closed = new();

    public void Dispose() => _closed.Dispose();

    [LocalServersFact]
    public async Task When_its_folder_is_in_one_that_others_can_not_enter()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_closed.Path));
        await Starts(Path.Combine(_closed.Path, "data"));
    }

    [LocalServersFact]
    public async Task When_its_very_first_start_was_killed_the_data_is_made_anew()
    {
        _closed.Write("postgres/made/PG_VERSION", "15");
        _closed.Write("postgres/base/1/half", "a table");
        await Starts(_closed.Path);
        Assert.False(Directory.Exists(Path.Combine(_closed.Path, "postgres", "made")));
        Assert.False(File.Exists(Path.Combine(_closed.Path, "postgres", "base", "1", "half")));
    }

    [LocalServersFact]
    public async Task When_it_was_started_before_with_its_password()
    {
        var folder = Path.Combine(_closed.Path, "mit Leerzeichen und Umlauten äöü");
        await Starts(folder);
        await Starts(folder);
    }

    /// <summary>As long as nobody has asked how a killed process ended, its number is taken; and later another process may have it.</summary>
    [LocalServersFact]
    public async Task When_the_one_before_was_killed_and_its_number_is_that_of_a_process()
    {
        await Starts(_closed.Path);
        // A process of the user that PostgreSQL runs as: it takes those of others for no server.
        string[] asThatUser = Environment.IsPrivilegedProcess ? ["--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        using var process = Process.Start("setpriv", [.. asThatUser, "sleep", "300"]);
        try
        {
            _closed.Write("postgres/postmaster.pid", $"{process.Id}\n/proc/self/fd/9\n");
            await Starts(_closed.Path);
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>It answers a query, which takes the right password.</summary>
    private static async Task Starts(string folder)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        var builder = ServersOnly.CreateBuilder();
        builder.Configuration["Servers"] = "local";
        builder.Configuration["Servers:Data"] = folder;
        builder.AddPostgresServer("postgres").AddDatabase("one");
        await using var app = builder.Build();
        await app.StartAsync(timeout.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("one", WaitBehavior.StopOnResourceUnavailable, timeout.Token);
    }
}
