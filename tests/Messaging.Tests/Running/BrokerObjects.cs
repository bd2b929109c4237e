using System.Net.Http.Json;
using System.Text.Json;

namespace OrderSample.Messaging.Tests.Running;

/// <summary>What a virtual host consists of, but for what the broker makes by itself and what goes with its connection.</summary>
/// <param name="Queues">With their arguments.</param>
/// <param name="Exchanges">With type and arguments.</param>
/// <param name="Bindings">From an exchange to a queue or another exchange.</param>
public sealed record BrokerObjects(IReadOnlyList<BrokerObject> Queues, IReadOnlyList<BrokerObject> Exchanges, IReadOnlyList<BrokerBinding> Bindings)
{
    /// <summary>Asks the broker's administrator.</summary>
    public static async Task<BrokerObjects> Of(Place place)
    {
        var queues = await Read("queues");
        var exchanges = await Read("exchanges");
        var bindings = await Read("bindings");
        var temporary = queues.Concat(exchanges).Where(x => x.GetProperty("auto_delete").GetBoolean()).Select(Name).ToHashSet();
        return new BrokerObjects(
            [.. queues.Where(IsLasting).Select(x => new BrokerObject(Name(x), x.GetProperty("arguments").ToString())).OrderBy(x => x.Name, StringComparer.Ordinal)],
            [.. exchanges.Where(IsLasting).Where(x => Name(x) is not "" && !Name(x).StartsWith("amq.", StringComparison.Ordinal))
                .Select(x => new BrokerObject(Name(x), $"{x.GetProperty("type")} {x.GetProperty("arguments")}")).OrderBy(x => x.Name, StringComparer.Ordinal)],
            [.. bindings.Select(x => new BrokerBinding(Text(x, "source"), Text(x, "destination"), Text(x, "destination_type") == "queue"))
                .Where(x => x.Source is not "" && !temporary.Contains(x.Destination)).OrderBy(x => x.ToString(), StringComparer.Ordinal)]);

        async Task<JsonElement[]> Read(string kind) => (await place.Management.GetFromJsonAsync<JsonElement[]>($"api/{kind}/{place.VirtualHost}"))!;
        bool IsLasting(JsonElement x) => !temporary.Contains(Name(x));
    }

    /// <summary>All of it as one text, for comparisons.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Queues.Select(x => $"queue {x}").Concat(Exchanges.Select(x => $"exchange {x}")).Concat(Bindings.Select(x => $"{x}")));

    private static string Name(JsonElement x) => Text(x, "name");

    private static string Text(JsonElement x, string property) => x.GetProperty(property).GetString()!;
}

/// <summary>A queue or an exchange.</summary>
public sealed record BrokerObject(string Name, string Arguments)
{
    public override string ToString() => $"{Name} {Arguments}";
}

/// <summary>A binding without a key.</summary>
public sealed record BrokerBinding(string Source, string Destination, bool IsToQueue)
{
    public override string ToString() => $"{Source} -> {(IsToQueue ? "queue" : "exchange")} {Destination}";
}
