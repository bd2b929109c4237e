using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.AppHost.Ending;

namespace OrderSample.AppHost.Starting;

/// <summary>How the host starts, and what it says meanwhile.</summary>
internal static class StartingExtensions
{
    private const int Dashboard = 18888;
    private const string TelemetryUrl = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";

    /// <summary>Environment, launch profile and arguments override them.</summary>
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["ASPNETCORE_URLS"] = $"http://localhost:{Dashboard}",
        [TelemetryUrl] = $"http://localhost:{Dashboard + 1}",
        // Everything is on loopback, and a machine without a desktop has no certificate that its browsers trust.
        ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
        ["ASPIRE_DCP_USE_DEVELOPER_CERTIFICATE"] = "false",
        ["ASPIRE_DEVELOPER_CERTIFICATE_DEFAULT_TRUST"] = "false",
        // Ctrl-C returns when all processes have ended.
        ["DcpPublisher:WaitForResourceCleanup"] = "true",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:Aspire.Hosting.Dcp.DcpHost"] = "Error",
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
    };

    /// <summary>When the program began, as <see cref="Stopwatch"/> counts.</summary>
    public static long Begin { get; } = Stopwatch.GetTimestamp();

    /// <summary>Begins the application as its command line says.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        _ = Begin;
        ShowRefusalsAsOneLine();
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(CommandLine.Help);
            Environment.Exit(0);
        }

        var settings = CommandLine.ToSettings(args);
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = settings, DisableDashboard = settings.Contains("--dashboard=false") });
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        _ = builder.StartTimeout();
        if (builder.Configuration["Ports:First"] is not null)
        {
            var first = builder.PortOf(0, defaultPort: 0);
            builder.Configuration["ASPNETCORE_URLS"] = $"http://localhost:{first + 8}";
            builder.Configuration[TelemetryUrl] = $"http://localhost:{first + 9}";
        }

        return builder;
    }

    /// <summary>The port of a service: by default its own, and after <c>--ports N</c> that far from N.</summary>
    /// <exception cref="DistributedApplicationException">N is no port, or leaves no room for all.</exception>
    public static int PortOf(this IDistributedApplicationBuilder builder, int offset, int defaultPort)
    {
        if (builder.Configuration["Ports:First"] is not { } text)
            return defaultPort;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var first) && first is >= 1024 and <= 65_500
            ? first + offset
            : throw new DistributedApplicationException($"--ports takes a port from 1024 to 65500, not '{text}'.");
    }

    /// <summary>Says what becomes healthy, and when; at the end what is where, or what went wrong.</summary>
    public static void ReportStartup(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
            builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<StartupReport>(services, new StartTimeout(builder.StartTimeout())));
    }

    /// <summary>Has the application's process end when it is told to, whatever goes on; unless it is another's process, such as a test's.</summary>
    public static void EndsInTime(this IDistributedApplicationBuilder builder)
    {
        if (Assembly.GetEntryAssembly() == typeof(StartingExtensions).Assembly)
            builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<EndWatch>(services, TimeProvider.System, (Action<string>)EndWatch.End));
    }

    private static TimeSpan? StartTimeout(this IDistributedApplicationBuilder builder)
    {
        if (builder.Configuration["Startup:Timeout"] is not { } text)
            return null;
        return double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new DistributedApplicationException($"--start-timeout takes a number of seconds from 1 to 86400, not '{text}'.");
    }

    /// <summary>What is refused at start is the user's to mend, and a stack trace would hide what it says.</summary>
    private static void ShowRefusalsAsOneLine() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if (unhandled.ExceptionObject is not DistributedApplicationException refusal)
            return;
        Console.Error.WriteLine(refusal.Message);
        Environment.Exit(1);
    };
}
