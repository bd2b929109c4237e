using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.WatchingDeadLetters;

/// <summary>The open dead letters of one group.</summary>
internal sealed record OpenGroup(DeadLetterCause Cause, string Endpoint, string? MessageType, string? ExceptionType, int Count);
