using System.Data.Common;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.SigningIn;

namespace OrderSample.Backoffice.Auditing;

/// <summary>
/// How a page does something: checks, on the server, that whoever asks is an operator, and puts it on record. A button that
/// is not shown is no protection; this is.
/// </summary>
/// <param name="people">Who looks at the page.</param>
/// <param name="log">The audit trail.</param>
internal sealed class Acting(AuthenticationStateProvider people, OperatorLog log)
{
    /// <summary>Does it.</summary>
    /// <param name="deed">What, for the audit trail.</param>
    /// <param name="act">Does it in the name of the person it is given, and returns the problem or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The problem, to be shown; null when it is done.</returns>
    public async Task<string?> DoAsync(OperatorDeed deed, Func<string, CancellationToken, Task<string?>> act, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(act);
        var person = (await people.GetAuthenticationStateAsync()).User;
        if (!person.IsInRole(Roles.Operator))
            return "Only an operator may do this.";

        long id;
        try
        {
            id = await log.BeginAsync(person, deed, cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException)
        {
            return $"It can't be put on record, so nothing was done. ({exception.GetBaseException().Message})";
        }

        var problem = await act(Roles.NameOf(person), cancellationToken);
        try
        {
            await log.EndAsync(id, deed, problem ?? OperatorLog.Done);
            return problem;
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException)
        {
            return $"{problem ?? "It was done."} That can't be put on record. ({exception.GetBaseException().Message})";
        }
    }
}
