using System.Collections.Concurrent;

namespace OrderSample.AppHost.Breaking;

/// <summary>Settings with which an experiment has a service run.</summary>
internal sealed class SettingsOverrides
{
    /// <summary>Sections that experiments may set.</summary>
    public static readonly IReadOnlyList<string> Sections = ["Saga", "Admission", "Messaging:Outbox", "Messaging:Redelivery", "Messaging:Retry"];

    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> _ofService = new();

    public void Set(string service, IReadOnlyDictionary<string, string> settings) => _ofService[service] = settings;

    /// <returns>Whether there were some.</returns>
    public bool Clear(string service) => _ofService.TryRemove(service, out _);

    /// <summary>Puts them into what a service is started with. A setting's case does not matter, and that of a variable may.</summary>
    public void ApplyTo(string service, IDictionary<string, object> variables)
    {
        foreach (var (name, value) in _ofService.GetValueOrDefault(service) ?? new Dictionary<string, string>())
        {
            var variable = name.Replace(":", "__", StringComparison.Ordinal);
            foreach (var same in variables.Keys.Where(x => string.Equals(x, variable, StringComparison.OrdinalIgnoreCase)).ToList())
                variables.Remove(same);
            variables[variable] = value;
        }
    }
}
