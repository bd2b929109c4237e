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

    public override Task Heal(CancellationToken cancellationToken) => _user is not { } user ? Task.CompletedTask : victim.Ask(HttpMethod.Put, $"users/{service}", new
    {
        password_hash = user.GetProperty("password_hash"),
        hashing_algorithm = user.GetProperty("hashing_algorithm"),
        tags = user.GetProperty("tags"),
    }, cancellationToken);
}
