namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>What keeps dead letters from being collected at the moment. Logs when that changes, not as long as it lasts.</summary>
internal sealed class CollectorState(ILogger<CollectorState> logger)
{
    private const string NotYet = "There is no connection to the broker yet.";

    private readonly Lock _lock = new();
    private string? _broker = NotYet;
    private string? _discovery;
    private string? _store;
    private string? _refused;

    /// <summary>All that is wrong; null when nothing is.</summary>
    public string? Problem
    {
        get
        {
            lock (_lock)
                return string.Join(' ', new[] { _broker, _discovery, _store, _refused }.OfType<string>()) is { Length: > 0 } problem ? problem : null;
        }
    }

    /// <summary>The broker is there, and delivers again what was refused before.</summary>
    public void Connected()
    {
        Set(ref _broker, null, "Dead letters are collected");
        lock (_lock)
            _refused = null;
    }

    /// <summary>The broker is not there.</summary>
    public void Disconnected(Exception exception) => Set(ref _broker, $"No connection to the broker ({Reason(exception)}).", "Dead letters are not collected");

    /// <summary>The queues can be listed.</summary>
    public void Discovers() => Set(ref _discovery, null, "New queues are found");

    /// <summary>The queues can't be listed; those that are known are still read.</summary>
    public void DiscoversNot(Exception exception) => Set(ref _discovery, $"New queues are not found ({Reason(exception)}).", "New queues are not found");

    /// <summary>The database is there.</summary>
    public void Stores() => Set(ref _store, null, "Dead letters are stored");

    /// <summary>The database is not there.</summary>
    public void StoresNot(Exception exception) => Set(ref _store, $"Dead letters can't be stored ({Reason(exception)}).", "Dead letters can't be stored");

    /// <summary>A message can't be stored at all; it stays in its queue.</summary>
    public void Refuses(string queue, string? messageId, Exception exception)
    {
        logger.LogError(exception, "Message {MessageId} stays in {Queue}, because it can't be stored", messageId, queue);
        lock (_lock)
            _refused = $"At least one message in {queue} can't be stored ({Reason(exception)}).";
    }

    private static string Reason(Exception exception) => exception.GetBaseException().Message;

    private void Set(ref string? problem, string? value, string says)
    {
        lock (_lock)
        {
            var changed = problem is null != value is null || problem == NotYet;
            problem = value;
            if (changed && value is null)
                logger.LogInformation("{State}", says);
            else if (changed)
                logger.LogWarning("{State}: {Problem}", says, value);
        }
    }
}
