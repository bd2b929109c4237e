using System.Security.Claims;
using OrderSample.Backoffice.SigningIn;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.Auditing;

/// <summary>Body of a request that does something. Who does it is known from the sign-in.</summary>
/// <param name="Reason">Why.</param>
public record DecisionRequest(string? Reason)
{
    internal OperatorDecision Of(ClaimsPrincipal person) => new(Roles.NameOf(person), Reason);
}
