using System.Net;

namespace OrderSample.Backoffice.Console.Services;

/// <summary>What a service said to a request that is to do something.</summary>
/// <typeparam name="T">Its answer when it did.</typeparam>
/// <param name="Value">The answer; null when it refused or can't be reached.</param>
/// <param name="Problem">Why not, for people; null when it did.</param>
public sealed record ServiceAnswer<T>(T? Value, string? Problem)
    where T : class
{
    /// <summary>The status of its refusal; null when it did, or can't be reached.</summary>
    public HttpStatusCode? Refusal { get; init; }

    /// <summary>What is wrong with the request, by the names of its fields, such as <c>lines[0].quantity</c>.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();
}
