using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
internal sealed class DatabasePassword(Victim victim, string service) : Fault
{
    private string? _verifier;

    /// <summary>A service's password at the database server is another one.</summary>
    public static FaultKind Kind { get; } = new("database-password", "a service's password at the database server is changed: it can't log in",
        _ => SystemShape.Services, (victim, target) => new DatabasePassword(victim, target))
    { Uses = _ => [SystemShape.DatabaseServer], Seconds = (3, 30) };

    public override async Task Begin(CancellationToken cancellationToken)
    {
        _verifier = (string)(await victim.Sql($"SELECT rolpassword FROM pg_authid WHERE rolname = '{service}'", cancellationToken))!;
        await victim.Sql($"ALTER ROLE \"{service}\" PASSWORD '{Guid.NewGuid():N}'", cancellationToken);
        await victim.TerminateBackends(SystemShape.DatabaseOf[service], cancellationToken);
    }

    public override Task Heal(CancellationToken cancellationToken) => _verifier is not { } verifier
        ? Task.CompletedTask
        : victim.Sql($"ALTER ROLE \"{service}\" PASSWORD '{verifier}'", cancellationToken);
}
