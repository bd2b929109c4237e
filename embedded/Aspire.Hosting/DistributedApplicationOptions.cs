namespace Aspire.Hosting;

/// <summary>How an application is run.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>Command-line arguments; they become configuration.</summary>
    public string[]? Args { get; set; }

    /// <summary>Runs without the dashboard. Default false.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>The name the dashboard shows for the application.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>The app host's project folder; that of its assembly when absent.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Writes the resources' logs to the host's log too. Default false.</summary>
    public bool EnableResourceLogging { get; set; }
}

/// <summary>What the application is being built for; here always to be run.</summary>
public class DistributedApplicationExecutionContext
{
    /// <summary>True: the application runs on this machine.</summary>
    public bool IsRunMode { get; } = true;

    /// <summary>False: there is no publishing here.</summary>
    public bool IsPublishMode => !IsRunMode;
}
