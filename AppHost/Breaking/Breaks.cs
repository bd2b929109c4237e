using System.Text.Json;

namespace OrderSample.AppHost.Breaking;

/// <summary>A way to break something of the running system, and to put it back.</summary>
internal interface IFault
{
    /// <summary>Its name in addresses.</summary>
    string Kind { get; }

    /// <summary>Breaks it.</summary>
    /// <param name="target">What.</param>
    /// <param name="details">How, where there is a choice; undefined when nothing was said.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">It can't be broken here; the message says why.</exception>
    Task BreakAsync(string target, JsonElement details, CancellationToken cancellationToken);

    /// <summary>Puts it back. It has to be right also when it was broken in part.</summary>
    Task MendAsync(string target, CancellationToken cancellationToken);
}

/// <summary>What is broken at the moment. It is noted before it is done, so that what was broken in part is put back as well.</summary>
internal sealed class Breaks(IEnumerable<IFault> faults)
{
    private readonly Lock _gate = new();
    private readonly List<(IFault Fault, string Target)> _broken = [];

    /// <summary>Finds a way to break something; null when there is none of that name.</summary>
    public IFault? Find(string kind) => faults.FirstOrDefault(fault => fault.Kind == kind);

    /// <summary>Breaks something.</summary>
    public async Task BreakAsync(IFault fault, string target, JsonElement details, CancellationToken cancellationToken)
    {
        lock (_gate)
            _broken.Add((fault, target));
        await fault.BreakAsync(target, details, cancellationToken);
    }

    /// <summary>Puts one thing back.</summary>
    public async Task MendAsync(IFault fault, string target, CancellationToken cancellationToken)
    {
        await fault.MendAsync(target, cancellationToken);
        lock (_gate)
            _broken.RemoveAll(x => x.Fault == fault && x.Target == target);
    }

    /// <summary>Puts everything back, the last first.</summary>
    /// <returns>What could not be put back, and why. It is tried again the next time.</returns>
    public async Task<IReadOnlyList<string>> MendAllAsync(CancellationToken cancellationToken)
    {
        (IFault Fault, string Target)[] broken;
        lock (_gate)
            broken = [.. _broken.AsEnumerable().Reverse().Distinct()];
        var problems = new List<string>();
        foreach (var (fault, target) in broken)
        {
            try
            {
                await MendAsync(fault, target, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                problems.Add($"{fault.Kind} of {target}: {exception.Message}");
            }
        }

        return problems;
    }
}
