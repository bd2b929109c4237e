using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// Aspire's own engine, a process beside this one: it starts, watches and stops processes, forwards their ports, and
/// ends them all when this process dies, however it dies.
/// </summary>
internal sealed class DcpEngine(DataFolders folders, IConfiguration configuration) : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    // What belongs to the host itself and not to the processes it starts; with real Aspire they don't inherit these either.
    private static readonly string[] OwnVariables =
        ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];

    private DcpClient? _client;

    public DcpClient Client => _client ?? throw new InvalidOperationException("The engine has not been started.");

    public bool IsStarted => _client is not null;

    /// <exception cref="DistributedApplicationException">The engine is not installed, or does not start.</exception>
    public async Task Start(CancellationToken cancellationToken)
    {
        var kubeconfig = Path.Combine(folders.Session, "kubeconfig");
        var start = new ProcessStartInfo(FindExecutable(), [
            "start-apiserver", "--detach", "--kubeconfig", kubeconfig,
            "--monitor", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "--monitor-interval", "1"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folders.Session,
        };
        start.Environment["DCP_SESSION_FOLDER"] = Directory.CreateDirectory(Path.Combine(folders.Session, "dcp")).FullName;
        foreach (var variable in OwnVariables)
            start.Environment.Remove(variable);

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        try
        {
            using (var process = Process.Start(start)!)
                await process.WaitForExitAsync(timeout.Token);
            _client = await Connect(kubeconfig, timeout.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException($"Aspire's engine ({start.FileName}) did not start within {StartTimeout.TotalSeconds} s.", exception);
        }
    }

    public void Dispose() => _client?.Dispose();

    private static string? Metadata(string key) => typeof(DcpEngine).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(x => x.Key == key)?.Value;

    private static async Task<DcpClient> Connect(string kubeconfig, CancellationToken cancellationToken)
    {
        // The file appears when the engine listens, and may be half-written for a moment.
        using var timer = new PeriodicTimer(PollInterval);
        while (true)
        {
            if (File.Exists(kubeconfig) && TryRead(await File.ReadAllTextAsync(kubeconfig, cancellationToken)) is { } client)
                return client;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static DcpClient? TryRead(string yaml)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            var root = stream.Documents[0].RootNode;
            var cluster = root["clusters"][0]["cluster"];
            var authority = Encoding.ASCII.GetString(Convert.FromBase64String(Text(cluster["certificate-authority-data"])));
            return new DcpClient(new Uri(Text(cluster["server"])), Text(root["users"][0]["user"]["token"]), Trusting(authority));
        }
        catch (Exception exception) when (exception is YamlException or KeyNotFoundException or ArgumentException or FormatException)
        {
            return null;
        }

        static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
    }

    /// <summary>The engine makes a certificate authority of its own at each start; nothing else is trusted.</summary>
    private static SslClientAuthenticationOptions Trusting(string authorityPem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authorityPem);
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private string FindExecutable()
    {
        var path = configuration["ASPIRE_DCP_PATH"] is { Length: > 0 } folder ? Path.Combine(folder, "dcp") : Metadata("dcpclipath")!;
        return File.Exists(path)
            ? path
            : throw new DistributedApplicationException($"Aspire's engine is not installed: there is no {path}. Run ./run.sh once, which installs it, or set ASPIRE_DCP_PATH to its folder.");
    }
}
