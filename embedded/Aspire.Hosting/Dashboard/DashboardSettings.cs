using System.Reflection;
using System.Security.Cryptography;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Where Aspire's dashboard listens in this run, and the keys that open it; made anew each run.</summary>
internal sealed class DashboardSettings(DistributedApplicationOptions options, IConfiguration configuration)
{
    private const int DefaultPort = 18888;

    private readonly string _browserToken = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly string _telemetryKey = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly int _telemetryPort = EndpointAllocator.FreePort();

    public bool IsEnabled => !options.DisableDashboard;

    /// <summary>Of the telemetry query API, header X-API-Key; configured by tests, otherwise random.</summary>
    public string ApiKey { get; } = configuration["AppHost:DashboardApiKey"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true);

    public int Port { get; } = configuration.GetValue<bool>("DcpPublisher:RandomizePorts") ? EndpointAllocator.FreePort() : DefaultPort;

    public string Url => $"http://localhost:{Port}";

    /// <summary>Opens the dashboard without typing the token.</summary>
    public string LoginUrl => $"{Url}/login?t={_browserToken}";

    /// <summary>Where the dashboard asks about the resources; only this machine can.</summary>
    public int ResourceServicePort { get; } = EndpointAllocator.FreePort();

    /// <summary>What the dashboard, and nobody else, is let in with there.</summary>
    public string ResourceServiceKey { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public string ApplicationName => options.DashboardApplicationName ?? "OrderSample";

    private string TelemetryUrl => $"http://localhost:{_telemetryPort}";

    /// <exception cref="DistributedApplicationException">The dashboard is not installed.</exception>
    public string FindExecutable()
    {
        var path = configuration["ASPIRE_DASHBOARD_PATH"] is { Length: > 0 } configured ? configured
            : typeof(DashboardSettings).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(x => x.Key == "aspiredashboardpath").Value!;
        return File.Exists(path)
            ? path
            : throw new DistributedApplicationException($"Aspire's dashboard is not installed: there is no {path}. Run ./run.sh once, which installs it, or set ASPIRE_DASHBOARD_PATH.");
    }

    /// <summary>The variables by which a service finds the dashboard; none without a dashboard.</summary>
    public void AddTelemetry(string serviceName, string instanceId, Dictionary<string, object> variables)
    {
        variables["OTEL_SERVICE_NAME"] = serviceName;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instanceId}";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (!IsEnabled)
            return;
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = TelemetryUrl;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={_telemetryKey}";
    }

    /// <summary>The dashboard's own environment.</summary>
    public Dictionary<string, object> Environment() => new()
    {
        ["ASPNETCORE_URLS"] = Url,
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = TelemetryUrl,
        ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
        ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = _browserToken,
        ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = _telemetryKey,
        ["DASHBOARD__API__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__API__PRIMARYAPIKEY"] = ApiKey,
        ["ASPIRE_DASHBOARD_API_ENABLED"] = "true",
        ["DASHBOARD__APPLICATIONNAME"] = ApplicationName,
        ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://127.0.0.1:{ResourceServicePort}",
        ["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey",
        ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = ResourceServiceKey,
    };
}
