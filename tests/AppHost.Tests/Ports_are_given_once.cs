using System.Reflection;
using System.Runtime.Loader;
using System.Runtime.Versioning;
using OrderSample.Servers.Local;

namespace OrderSample.AppHost.Tests;

public sealed class Ports_are_given_once
{
    /// <summary>Nobody listens on any of them, as on those of a node that was killed. An assembly that is loaded once more knows as little of the first as another process does.</summary>
    [LocalServersFact, SupportedOSPlatform("linux")]
    public void A_port_that_one_process_was_given_and_does_not_use_yet_is_not_given_to_another()
    {
        var elsewhere = new AssemblyLoadContext("another process").LoadFromAssemblyPath(typeof(LocalServerExtensions).Assembly.Location)
            .GetType(typeof(LocalServerExtensions).FullName!)!.GetMethod(nameof(LocalServerExtensions.FreePort), BindingFlags.Public | BindingFlags.Static)!;

        // Of less than 5,000 that there are on most machines: two processes that know nothing of one another would choose some twice.
        int[] ports = [.. Enumerable.Range(0, 200).SelectMany(_ => new[] { LocalServerExtensions.FreePort(), (int)elsewhere.Invoke(null, null)! })];

        Assert.Equal(ports.Length, ports.Distinct().Count());
    }
}
