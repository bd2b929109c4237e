namespace OrderSample.Backoffice.Console.Services;

/// <summary>What a service said to a request that is to do something.</summary>
/// <typeparam name="T">Its answer when it did.</typeparam>
/// <param name="Value">The answer; null when it refused or can't be reached.</param>
/// <param name="Problem">Why not, for people; null when it did.</param>
public sealed record ServiceAnswer<T>(T? Value, string? Problem)
    where T : class;
