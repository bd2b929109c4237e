using System.Security.Cryptography;

namespace OrderSample.AppHost.Switching;

/// <summary>What the console needs to use the switch, and the host to be known to the console.</summary>
internal sealed class SwitchAccess : IResourceAnnotation
{
    /// <summary>The request header with the key.</summary>
    public const string Header = "X-AppHost-Key";

    /// <summary>Made anew each run.</summary>
    public string Key { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Where the switch listens; null before it does.</summary>
    public string? Url { get; set; }
}
