namespace OrderSample.Backoffice.Console.Live;

/// <summary>What a feed knows at a moment.</summary>
/// <typeparam name="T">The data.</typeparam>
/// <param name="Value">What was read last; null until the first read succeeds.</param>
/// <param name="Problem">Why the last read failed; null when it didn't.</param>
public sealed record LiveState<T>(T? Value, LiveProblem? Problem)
    where T : class;

/// <summary>Why there is nothing new.</summary>
/// <param name="Source">What can't be reached, for people.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="Text">What happened last.</param>
/// <param name="AsOf">When what is shown was read, UTC; null when nothing is.</param>
public sealed record LiveProblem(string Source, DateTimeOffset Since, string Text, DateTimeOffset? AsOf = null);
