using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.Dcp;

/// <summary>An object as the engine takes it.</summary>
/// <typeparam name="T">What it specifies.</typeparam>
internal sealed record DcpObject<T>(string Kind, DcpMetadata Metadata, T Spec)
{
    public string ApiVersion { get; } = "usvc-dev.developer.microsoft.com/v1";
}

internal sealed record DcpMetadata(string Name, IReadOnlyDictionary<string, string>? Annotations = null);

/// <summary>A public port that the engine forwards to the processes behind it.</summary>
internal sealed record DcpService
{
    public const string Kind = "services";

    public string Protocol { get; } = "TCP";

    public string AddressAllocationMode { get; } = "Localhost";

    /// <summary>A free one when absent.</summary>
    public int? Port { get; init; }
}

/// <summary>A process.</summary>
internal sealed record DcpExecutable
{
    public const string Kind = "executables";

    public required string ExecutablePath { get; init; }

    public required string WorkingDirectory { get; init; }

    public required IReadOnlyList<string> Args { get; init; }

    public required IReadOnlyList<DcpVariable> Env { get; init; }

    public string ExecutionType { get; } = "Process";

    public DcpAmbientEnvironment AmbientEnvironment { get; } = new("Inherit");
}

internal sealed record DcpVariable(string Name, string Value);

internal sealed record DcpAmbientEnvironment(string Behavior);

/// <summary>What the engine says of a process.</summary>
/// <param name="Name">The executable.</param>
/// <param name="Run">Which run of it: one that is started again has the same name.</param>
/// <param name="Status">How it is.</param>
internal sealed record DcpExecutableChange(string Name, string Run, DcpExecutableStatus Status);

internal sealed record DcpExecutableStatus(string? State, int? Pid, int? ExitCode);

/// <summary>A line of the engine's stream of changes.</summary>
internal sealed record DcpEvent(string? Type, JsonElement Object);

internal sealed record DcpEventObject(DcpEventMetadata? Metadata, DcpExecutableStatus? Status);

internal sealed record DcpEventMetadata(string? Name, string? Uid, string? DeletionTimestamp);

/// <summary>Says that an executable listens behind a service.</summary>
/// <param name="ServiceName">The service.</param>
/// <param name="Port">Its own port; a free one when absent.</param>
internal sealed record DcpServiceProducer(
    [property: JsonPropertyName("serviceName")] string ServiceName,
    [property: JsonPropertyName("port"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Port);
