namespace OrderSample.ServiceDefaults.Messaging.Replays;

/// <summary>An endpoint's report to the dead-letter desk: a replay of this case was handled.</summary>
/// <param name="DeadLetterId">The case, as the replay names it.</param>
/// <param name="Endpoint">The endpoint's queue.</param>
/// <param name="At">When, UTC.</param>
public sealed record DeadLetterHandled(long DeadLetterId, string Endpoint, DateTimeOffset At);
