using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using OrderSample.Backoffice.Auditing;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.SigningIn;

/// <summary>Signs a person in by a link's token and a name of the person's own choice, which then stands in the audit trail.</summary>
internal sealed class SignIn(SignInLinks links, OperatorLog log)
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Whether it can stand in the audit trail.</summary>
    public static bool IsName(string? name) => !string.IsNullOrWhiteSpace(name) && name.Length <= MaxNameLength && !name.Any(char.IsControl);

    /// <summary>Sets the cookie when the token is good.</summary>
    /// <returns>What became of the token before: anything but usable means that nobody was signed in.</returns>
    public async Task<TokenState> WithAsync(string token, string name, HttpContext http)
    {
        var state = await links.LookAsync(token, http.RequestAborted);
        if (state != TokenState.Usable)
            return state;
        if (await links.UseAsync(token, name, http.RequestAborted) is not { } role)
            return TokenState.Used;

        var person = new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, role.ToString())], CookieAuthenticationDefaults.AuthenticationScheme));
        await log.RecordAsync(person, new OperatorDeed("Signed in", role.ToString(), null), OperatorLog.Done);
        await http.SignInAsync(person);
        return TokenState.Usable;
    }

    /// <summary>What to tell a person whose token is not usable, with the way out.</summary>
    public static string Explain(TokenState state) => (state switch
    {
        TokenState.Used => "This link has been used. Each link signs in one person, once.",
        TokenState.Expired => "This link was not used in time.",
        _ => "This is not a link to sign in with. It may have been cut, or come from an earlier start.",
    }) + " Ask an operator for a new one (page Access), use the command New sign-in link at the backoffice in the Aspire dashboard, or start the system again: it prints a new link at each start.";
}
