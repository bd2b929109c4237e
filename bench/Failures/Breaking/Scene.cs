using System.Globalization;
using OrderSample.Bench.Running;
using OrderSample.Failures.Reporting;
using OrderSample.Nemesis.Running;

namespace OrderSample.Failures.Breaking;

/// <summary>Where something fails, and who writes down when.</summary>
/// <param name="Victim">The system, with the means to break it.</param>
/// <param name="Way">How it is run.</param>
/// <param name="Timeline">Where it is written down.</param>
internal sealed record Scene(Victim Victim, Way Way, Timeline Timeline)
{
    /// <summary>Its processes.</summary>
    public SystemUnderTest System => Victim.System;

    /// <summary>Has processes do nothing any more while their connections stay open: STOP, or go on: CONT.</summary>
    public static Task Signal(string signal, IEnumerable<int> processes, CancellationToken cancellationToken) =>
        Tool.Run(new("kill", [$"-{signal}", .. processes.Select(id => id.ToString(CultureInfo.InvariantCulture))]), cancellationToken);
}
