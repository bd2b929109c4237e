using System.Diagnostics;
using System.Security.Cryptography;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OrderSample.Servers;

/// <summary>
/// Where an application keeps its servers' passwords, and what local servers store: the folder that <c>Servers:Data</c> names, by default
/// .data in the repository. Tests that name none get a temporary one, which goes with the application. A running application
/// has its folder for itself.
/// </summary>
internal sealed class DataFolder : IHostedService, IDisposable
{
    /// <summary>The setting that names the folder.</summary>
    public const string Setting = "Servers:Data";

    /// <summary>What the name of a container's password ends with.</summary>
    public const string OfContainer = "-container";

    private const string FreshSetting = "Servers:Fresh";
    private static readonly TimeSpan LastBreath = TimeSpan.FromSeconds(20);

    private const string LockFile = "in-use";
    private const string IdFile = "id";
    private const int PasswordLength = 24;
    private const int IdLength = 8;
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";

    /// <summary>Makes any password one that SQL Server takes: it has letters of both cases and a digit.</summary>
    private const string EveryKind = "Aa2";

    private readonly Lock _lock = new();
    private readonly FileStream? _inUse;
    private readonly List<Action> _whenDisposed = [];

    private DataFolder(IDistributedApplicationBuilder builder)
    {
        IsKept = builder.Configuration[Setting] is not null || !builder.Configuration.GetValue<bool>("DcpPublisher:RandomizePorts");
        if (!IsKept)
        {
            Path = Directory.CreateTempSubdirectory("ordersample-").FullName;
            return;
        }

        Path = System.IO.Path.GetFullPath(builder.Configuration[Setting] ?? System.IO.Path.Combine("..", ".data"), builder.AppHostDirectory);
        IsFresh = builder.Configuration.GetValue<bool>(FreshSetting);
        if (IsFresh && Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any(x => System.IO.Path.GetFileName(x) != "build") && !File.Exists(System.IO.Path.Combine(Path, LockFile)))
            throw new DistributedApplicationException($"{Path} holds something else than data of this system, and --fresh would delete it. Name another folder with --data FOLDER.");
        _inUse = Occupy(Path);
        if (IsFresh)
            Empty();
    }

    /// <summary>The folder itself.</summary>
    public string Path { get; }

    /// <summary>Whether it outlives the application.</summary>
    public bool IsKept { get; }

    /// <summary>Whether what was stored before is to go: <c>Servers:Fresh</c>. Local servers' data is gone then; a container's volume and password are removed by who adds it.</summary>
    public bool IsFresh { get; }

    /// <summary>What tells what belongs to this folder, such as a container, from what belongs to another. It is made with the folder.</summary>
    public string Id => ReadOrMake(IdFile, () => RandomNumberGenerator.GetString(Letters, IdLength));

    /// <summary>An application's folder.</summary>
    /// <exception cref="DistributedApplicationException">It can't be used; the message says why, and the way out.</exception>
    public static DataFolder Of(IDistributedApplicationBuilder builder)
    {
        if (builder.Services.LastOrDefault(x => x.ServiceType == typeof(DataFolder))?.ImplementationInstance is DataFolder there)
            return there;
        var folder = new DataFolder(builder);
        builder.Services.AddSingleton(folder);
        // A container disposes only of what it has made itself.
        builder.Services.AddHostedService(_ => folder);
        return folder;
    }

    /// <summary>The folder of one server, made if it is not there.</summary>
    public string For(string server) => Directory.CreateDirectory(System.IO.Path.Combine(Path, server)).FullName;

    /// <summary>A server's password: made when it is first asked for, in a file that only its owner can read (on Windows: whoever can read the folder), and kept as long as the folder.</summary>
    public string Password(string server) => ReadOrMake($"{server}.password", () => RandomNumberGenerator.GetString(Letters + Letters.ToUpperInvariant(), PasswordLength) + EveryKind);

    /// <summary>Has something removed that is stored elsewhere, when the application has ended.</summary>
    public void WhenDisposed(Action remove) => _whenDisposed.Add(remove);

    /// <summary>Forgets a password: the next one asked for is new.</summary>
    public void Forget(string server) => File.Delete(System.IO.Path.Combine(Path, $"{server}.password"));

    /// <summary>Writes a file that only its owner can read, from its first byte on. It is there with all of its text or not at all.</summary>
    public static void WritePrivate(string file, string text)
    {
        var unfinished = $"{file}.new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(unfinished, options))
        using (var writer = new StreamWriter(stream))
            writer.Write(text);
        File.Move(unfinished, file, overwrite: true);
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            foreach (var action in _whenDisposed)
                action();
            _whenDisposed.Clear();
        }
        finally
        {
            _inUse?.Dispose();
            if (!IsKept && Directory.Exists(Path))
                Directory.Delete(Path, recursive: true);
        }
    }

    private static FileStream Occupy(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            // The lock goes with the process, however it ends.
            return new FileStream(System.IO.Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DistributedApplicationException($"Data can't be kept in {folder}: {exception.Message} Name a folder that can be written to with --data FOLDER.", exception);
        }
        catch (IOException exception)
        {
            throw new DistributedApplicationException(
                $"The data folder {folder} can't be used: {exception.Message} If another application has it, stop that one, or give this one a folder of its own with --data FOLDER.", exception);
        }
    }

    /// <summary>
    /// Leaves what belongs to containers: their passwords go with their volumes. Of a read-only checkout the program itself is in the folder, too:
    /// run.sh builds it there.
    /// </summary>
    private void Empty()
    {
        try
        {
            foreach (var server in Directory.EnumerateFiles(Path, "*.lock"))
                WaitForTheEndOf(server);
            foreach (var entry in new DirectoryInfo(Path).EnumerateFileSystemInfos().Where(x => x.Name is not (LockFile or IdFile or "build")
                && x.Extension != ".lock" && !x.Name.EndsWith($"{OfContainer}.password", StringComparison.Ordinal)))
            {
                if (entry is DirectoryInfo folder)
                    folder.Delete(recursive: true);
                else
                    entry.Delete();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The data in {Path} can't be deleted: {exception.Message}", exception);
        }
    }

    /// <summary>A server of a run that was killed may still be ending; it has its lock until it has.</summary>
    private static void WaitForTheEndOf(string server)
    {
        for (var begin = Stopwatch.GetTimestamp(); ; Thread.Sleep(100))
        {
            try
            {
                using (File.Open(server, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                    return;
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(begin) < LastBreath)
            {
                // Not yet.
            }
        }
    }

    private string ReadOrMake(string name, Func<string> make)
    {
        var file = System.IO.Path.Combine(Path, name);
        lock (_lock)
        {
            if (!File.Exists(file))
                WritePrivate(file, make());
            return File.ReadAllText(file);
        }
    }
}
