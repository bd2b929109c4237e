using System.Diagnostics;

namespace OrderSample.ServiceDefaults.Telemetry;

/// <summary>Work that goes on all the time. As traces it would bury the orders, so it has none, here and in whoever is called.</summary>
public static class Unrecorded
{
    /// <summary>Begins it; spans started until it is disposed of inherit that they are not recorded; so do messages.</summary>
    public static Activity Begin() => new Activity(nameof(Unrecorded)) { ActivityTraceFlags = ActivityTraceFlags.None }.Start();

    /// <summary>Lets the rest of the calling asynchronous method have traces again: something is done for an order after all.</summary>
    public static void Leave()
    {
        if (Activity.Current is { Recorded: false })
            Activity.Current = null;
    }
}
