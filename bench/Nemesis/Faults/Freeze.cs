using System.Diagnostics;
using System.Globalization;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class Freeze(Victim victim, string process) : Fault
{
    private IReadOnlyList<int> _frozen = [];

    /// <summary>SIGSTOP: a process does nothing any more, and its connections stay open.</summary>
    public static FaultKind Kind { get; } = new("freeze", "SIGSTOP of a service, a node or the database server: it does nothing any more, and its connections stay open",
        shape => shape.Processes, (victim, target) => new Freeze(victim, target))
    { TakesDown = true, Seconds = (3, 25) };

    public override async Task Begin(CancellationToken cancellationToken)
    {
        _frozen = (await victim.System.ProcessOf(process, cancellationToken)).Ids();
        await Signal("STOP", cancellationToken);
    }

    public override Task Heal(CancellationToken cancellationToken) => Signal("CONT", cancellationToken);

    /// <summary>Those that have ended meanwhile don't matter.</summary>
    private async Task Signal(string signal, CancellationToken cancellationToken)
    {
        if (_frozen.Count == 0)
            return;
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", .. _frozen.Select(id => id.ToString(CultureInfo.InvariantCulture))]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync(cancellationToken);
    }
}
