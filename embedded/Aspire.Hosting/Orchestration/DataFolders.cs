using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Where servers keep their data. With a data volume: below <c>Embedded:DataFolder</c>, by default .data in the repository.
/// Without one, and by default in tests: in a temporary folder that goes with the application.
/// </summary>
internal sealed class DataFolders(IConfiguration configuration, string appHostDirectory, bool isTest) : IDisposable
{
    private const int PasswordLength = 24;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _lock = new();
    private string? _session;
    private FileStream? _inUse;

    /// <summary>Temporary folder of this run.</summary>
    public string Session
    {
        get
        {
            lock (_lock)
                return _session ??= CreateSession();
        }
    }

    /// <summary>The folder of one server.</summary>
    /// <param name="resourceName">The server.</param>
    /// <param name="keep">Whether its data is to survive this run.</param>
    /// <exception cref="DistributedApplicationException">Another running application uses the same data.</exception>
    public string For(string resourceName, bool keep) => Directory.CreateDirectory(Path.Combine(Root(keep), resourceName)).FullName;

    /// <summary>The file with a server's password, beside its folder and readable by its owner only.</summary>
    public string PasswordFile(string resourceName, bool keep) => Path.Combine(Root(keep), $"{resourceName}.password");

    /// <summary>A server's password: made at the first start, and kept as long as the server's data.</summary>
    public string Password(string resourceName, bool keep)
    {
        var file = PasswordFile(resourceName, keep);
        lock (_lock)
        {
            if (!File.Exists(file))
                WritePrivate(file, RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", PasswordLength));
            return File.ReadAllText(file);
        }
    }

    /// <summary>Writes a file that only its owner can read, from its first byte on. It is there with all of its text or not at all.</summary>
    public static void WritePrivate(string file, string text)
    {
        var unfinished = $"{file}.new";
        File.Delete(unfinished);
        using (var stream = new FileStream(unfinished, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        using (var writer = new StreamWriter(stream))
            writer.Write(text);
        File.Move(unfinished, file, overwrite: true);
    }

    public void Dispose()
    {
        _inUse?.Dispose();
        if (_session is not null && Directory.Exists(_session))
            Directory.Delete(_session, recursive: true);
    }

    private static string CreateSession()
    {
        // Servers that run as another user must be able to reach their own folder in it; what is secret has a mode of its own.
        var folder = Directory.CreateTempSubdirectory("ordersample-").FullName;
        File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    private string Root(bool keep)
    {
        var configured = configuration["Embedded:DataFolder"] ?? (isTest ? null : Path.Combine("..", ".data"));
        if (!keep || configured is null)
            return Session;
        var folder = Path.GetFullPath(configured, appHostDirectory);
        lock (_lock)
            _inUse ??= Occupy(folder);
        return folder;
    }

    private static FileStream Occupy(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            // The lock goes with the process, however it ends.
            return new FileStream(Path.Combine(folder, "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new DistributedApplicationException(
                $"The data folder {folder} is in use by another running application. Stop that one, or give this one a folder of its own with --data FOLDER.", exception);
        }
    }
}
