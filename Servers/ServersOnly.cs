using Aspire.Hosting;

namespace OrderSample.Servers;

/// <summary>Applications of servers only, for tests and benchmarks. Nothing of them is kept.</summary>
public static class ServersOnly
{
    /// <summary>Begins one.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        DisableDashboard = true,
        // This assembly knows where Aspire's engine is.
        AssemblyName = typeof(ServersOnly).Assembly.GetName().Name,
        Args = ["--DcpPublisher:RandomizePorts=true", "--DcpPublisher:WaitForResourceCleanup=true", "--Logging:LogLevel:Default=Warning"],
    });
}
