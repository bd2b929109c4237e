using System.Text.Json;

namespace OrderSample.AppHost.Breaking.Faults;

/// <summary>
/// What is bound to an exchange is not any more. A service that runs declares its bindings anew after a while, and when it starts, so
/// whoever owns them is stopped first; and started, they are there again.
/// </summary>
internal sealed class MissingBinding(BrokerAdministration broker) : IFault
{
    public string Kind => "missing-binding";

    public async Task BreakAsync(string target, JsonElement details, CancellationToken cancellationToken)
    {
        var exchange = Uri.EscapeDataString(target);
        var bindings = await broker.AskAsync(HttpMethod.Get, $"exchanges/%2F/{exchange}/bindings/source", null, cancellationToken);
        if (bindings.ValueKind != JsonValueKind.Array || bindings.GetArrayLength() == 0)
            throw new InvalidOperationException($"Nothing is bound to {target}.");
        foreach (var binding in bindings.EnumerateArray())
        {
            var (destination, key) = (Uri.EscapeDataString(binding.GetProperty("destination").GetString()!), Uri.EscapeDataString(binding.GetProperty("properties_key").GetString()!));
            await broker.AskAsync(HttpMethod.Delete, $"bindings/%2F/e/{exchange}/{binding.GetProperty("destination_type").GetString()![0]}/{destination}/{key}", null, cancellationToken);
        }
    }

    public Task MendAsync(string target, CancellationToken cancellationToken) => Task.CompletedTask;
}
