using System.Diagnostics;
using System.Text.Json;

namespace OrderSample.AppHost.Breaking.Faults;

/// <summary>A process is killed, with no chance to finish, flush or say goodbye; of several replicas one.</summary>
internal sealed class KilledProcess(HostedProcesses processes) : IFault
{
    public string Kind => "killed";

    public async Task BreakAsync(string target, JsonElement details, CancellationToken cancellationToken)
    {
        using var process = Process.GetProcessById(processes.Of(target)[0]);
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(cancellationToken);
    }

    public async Task MendAsync(string target, CancellationToken cancellationToken)
    {
        if (await processes.StartEndedAsync(processes.Find(target), cancellationToken) is { } problem)
            throw new InvalidOperationException(problem);
    }
}
