using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.SigningIn;

namespace OrderSample.Backoffice.Auditing;

/// <summary>
/// Writes the audit trail: who, before anything is done, and then what came of it. What can't be recorded isn't done, and
/// what a crash interrupts has left its row.
/// </summary>
internal sealed class OperatorLog(IServiceScopeFactory scopes, TimeProvider time, ILogger<OperatorLog> logger) : IDeedRecord
{
    /// <summary>The outcome of what went well.</summary>
    public const string Done = "Done";

    /// <summary>Records something that is done already.</summary>
    public async Task RecordAsync(ClaimsPrincipal person, OperatorDeed deed, string outcome) =>
        await EndAsync(await BeginAsync(person, deed, CancellationToken.None), deed, outcome);

    /// <summary>Records that somebody is about to do something.</summary>
    /// <returns>The row's id.</returns>
    public async Task<long> BeginAsync(ClaimsPrincipal person, OperatorDeed deed, CancellationToken cancellationToken)
    {
        var action = new OperatorAction
        {
            By = Roles.NameOf(person),
            Role = Roles.Of(person),
            At = time.GetUtcNow(),
            What = deed.What,
            Target = Fit(deed.Target),
            Reason = deed.Reason is null ? null : Fit(deed.Reason),
        };
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<BackofficeDbContext>();
        context.Add(action);
        await context.SaveChangesAsync(cancellationToken);
        return action.Id;
    }

    /// <summary>Records what came of it.</summary>
    public async Task EndAsync(long id, OperatorDeed deed, string outcome)
    {
        var text = Fit(outcome);
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<BackofficeDbContext>().OperatorActions.Where(x => x.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(x => x.Outcome, text));
        logger.LogInformation("{What} ({Target}): {Outcome}", deed.What, deed.Target, text);
    }

    /// <summary>A text that comes from outside, as the database takes it.</summary>
    private static string Fit(string text)
    {
        var clean = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return clean.Length <= OperatorAction.MaxTextLength ? clean : clean[..OperatorAction.MaxTextLength];
    }
}
