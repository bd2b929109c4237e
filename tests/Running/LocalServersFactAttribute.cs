namespace OrderSample.Tests.Running;

/// <summary>A test of servers that are installed on this machine; skipped where the tests are told to use containers.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LocalServersFactAttribute : FactAttribute
{
    public LocalServersFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("Servers") == "containers")
            Skip = "About servers that are installed on this machine; Servers=containers is set.";
    }
}
