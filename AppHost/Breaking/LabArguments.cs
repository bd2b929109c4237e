namespace OrderSample.AppHost.Breaking;

/// <summary>What <c>./run.sh lab</c> is to do.</summary>
/// <param name="Name">The experiment, or <c>all</c>; null to list them.</param>
/// <param name="Url">The console's address.</param>
/// <param name="KeyFile">Where the app host keeps the key to itself.</param>
internal sealed record LabArguments(string? Name, Uri Url, string KeyFile)
{
    /// <summary>Reads them; null when they make no sense.</summary>
    public static LabArguments? Read(string[] arguments)
    {
        string? name = null;
        var (url, data) = ("http://localhost:5100", ".data");
        for (var i = 0; i < arguments.Length; i++)
        {
            var (option, value) = arguments[i].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[i], null);
            switch (option)
            {
                case "--url" when Next() is { } next:
                    url = next;
                    break;
                case "--data" when Next() is { } next:
                    data = next;
                    break;
                default:
                    if (option.StartsWith('-') || name is not null)
                        return null;
                    name = option;
                    break;
            }

            string? Next() => value ?? (i + 1 < arguments.Length ? arguments[++i] : null);
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? new LabArguments(name, address, Path.Combine(data, BreakingExtensions.KeyFile)) : null;
    }
}
