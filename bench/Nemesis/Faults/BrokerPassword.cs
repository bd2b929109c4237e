using System.Text.Json;
using OrderSample.Bench.Running;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class BrokerPassword(Victim victim, string service) : Fault
{
    private JsonElement? _user;

    /// <summary>A service's password at the broker is another one.</summary>
    public static FaultKind Kind { get; } = new("broker-password", "a service's password at the broker is changed: it can't log in",
        _ => SystemShape.Services, (victim, target) => new BrokerPassword(victim, target))
    { Uses = _ => [SystemUnderTest.Broker], Seconds = (3, 30) };

    public override async Task Begin(CancellationToken cancellationToken)
    {
        _user = await victim.Ask(HttpMethod.Get, $"users/{service}", null, cancellationToken);
        await victim.Ask(HttpMethod.Put, $"users/{service}", new { password = Guid.NewGuid().ToString("N"), tags = _user!.Value.GetProperty("tags") }, cancellationToken);
        await victim.CutConnections(service, cancellationToken);
    }

    /// <summary>
    /// A node that hung meanwhile goes on with the password that it knows until it is one with the others again (<see cref="PartitionWatch"/>). So
    /// whoever sets a password looks at each node, and sets it again while they differ.
    /// </summary>
    public override async Task Heal(CancellationToken cancellationToken)
    {
        if (_user is not { } user)
            return;
        await victim.Ask(HttpMethod.Put, $"users/{service}", new
        {
            password_hash = user.GetProperty("password_hash"),
            hashing_algorithm = user.GetProperty("hashing_algorithm"),
            tags = user.GetProperty("tags"),
        }, cancellationToken);
        var known = (await victim.AskEachNode($"users/{service}", cancellationToken)).Select(x => x?.GetProperty("password_hash").GetString()).Distinct().ToList();
        if (known.Count > 1)
            throw new InvalidOperationException($"The nodes know {known.Count} passwords of {service}.");
    }
}
