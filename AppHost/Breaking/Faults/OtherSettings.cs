using System.Text.Json;

namespace OrderSample.AppHost.Breaking.Faults;

/// <summary>A service runs with other settings, so that what takes minutes by its own takes seconds. It is started anew for it.</summary>
internal sealed class OtherSettings(SettingsOverrides overrides, HostedProcesses processes) : IFault
{
    public string Kind => "settings";

    public Task BreakAsync(string target, JsonElement details, CancellationToken cancellationToken)
    {
        var settings = details.Deserialize<Dictionary<string, string>>() ?? [];
        // Nothing that says where a service connects, or as whom: those are not the experiments' to choose.
        if (settings.Keys.FirstOrDefault(name => !SettingsOverrides.Sections.Any(section => name.StartsWith($"{section}:", StringComparison.Ordinal))) is { } other)
            throw new InvalidOperationException($"{other} is not for experiments.");
        overrides.Set(target, settings);
        return processes.RestartAsync(target, cancellationToken);
    }

    public Task MendAsync(string target, CancellationToken cancellationToken) =>
        overrides.Clear(target) ? processes.RestartAsync(target, cancellationToken) : Task.CompletedTask;
}
