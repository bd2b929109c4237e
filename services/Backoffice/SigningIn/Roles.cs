using System.Security.Claims;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.SigningIn;

/// <summary>Names of the policies, and how a person's role is read.</summary>
internal static class Roles
{
    /// <summary>Policy: whoever is signed in.</summary>
    public const string Viewer = nameof(PersonRole.Viewer);

    /// <summary>Policy: operators.</summary>
    public const string Operator = nameof(PersonRole.Operator);

    /// <summary>What a person may do.</summary>
    public static PersonRole Of(ClaimsPrincipal person) => person.IsInRole(Operator) ? PersonRole.Operator : PersonRole.Viewer;

    /// <summary>The name that a person has given when signing in.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public static string NameOf(ClaimsPrincipal person) => person.Identity?.Name ?? throw new InvalidOperationException("Nobody is signed in.");
}
