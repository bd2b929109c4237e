namespace Aspire.Hosting.Tests;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class PostgresIsStarted
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task When_its_very_first_start_was_killed_the_next_one_makes_the_data_anew()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        using var folder = new TemporaryFolder();
        folder.Write("postgres/initdb/PG_VERSION", "15");
        folder.Write("postgres/base/1/half", "a table");

        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        builder.Configuration["Embedded:DataFolder"] = folder.Path;
        builder.AddPostgres("postgres").WithDataVolume();
        await using var app = builder.Build();
        await app.StartAsync(timeout.Token);

        await app.ResourceNotifications.WaitForResourceHealthyAsync("postgres", timeout.Token);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "postgres", "initdb")));
    }

    /// <summary>A folder that the user postgres can reach, too.</summary>
    private sealed class TemporaryFolder : IDisposable
    {
        public TemporaryFolder() => File.SetUnixFileMode(Path, (UnixFileMode)0b111_001_001);

        public string Path { get; } = Directory.CreateTempSubdirectory("ordersample-").FullName;

        public void Write(string file, string text)
        {
            var path = System.IO.Path.Combine(Path, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
