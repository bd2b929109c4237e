using System.ComponentModel.DataAnnotations;

namespace OrderSample.Backoffice.SigningIn;

/// <summary>Configuration section <c>SignIn</c>: who gets in, and for how long.</summary>
public sealed class SignInOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "SignIn";

    /// <summary>The token of the first link, which makes its user an operator. The app host makes one at each start. Without it, only links made before work.</summary>
    [MinLength(32)]
    public string? Token { get; init; }

    /// <summary>How long a link can be used that an operator makes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan LinkLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After how long without a request a person has to sign in again.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Attempts to sign in that one address has in a minute.</summary>
    [Range(1, 10_000)]
    public int AttemptsPerMinute { get; init; } = 30;
}
