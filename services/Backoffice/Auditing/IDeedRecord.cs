using System.Security.Claims;

namespace OrderSample.Backoffice.Auditing;

/// <summary>Where it is put on record that something is about to be done, and what came of it.</summary>
internal interface IDeedRecord
{
    /// <summary>Records that somebody is about to do something.</summary>
    /// <returns>The row's id.</returns>
    Task<long> BeginAsync(ClaimsPrincipal person, OperatorDeed deed, CancellationToken cancellationToken);

    /// <summary>Records what came of it.</summary>
    Task EndAsync(long id, OperatorDeed deed, string outcome);
}
