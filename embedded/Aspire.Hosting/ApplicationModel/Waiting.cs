namespace Aspire.Hosting.ApplicationModel;

/// <summary>What one resource waits for at another.</summary>
public enum WaitType
{
    /// <summary>Until it runs, is healthy and its ready event has been handled.</summary>
    WaitUntilHealthy,

    /// <summary>Until it has ended.</summary>
    WaitForCompletion,

    /// <summary>Until it runs.</summary>
    WaitUntilStarted,
}

/// <summary>What a wait does when the other resource fails.</summary>
public enum WaitBehavior
{
    /// <summary>Goes on waiting: someone may start it again.</summary>
    WaitOnResourceUnavailable,

    /// <summary>Gives up with an error.</summary>
    StopOnResourceUnavailable,
}

/// <summary>The resource starts only after another one.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The resource waited for.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What is waited for.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>What happens when the other one fails; null takes the default: give up.</summary>
    public WaitBehavior? WaitBehavior { get; init; }

    /// <summary>The exit code expected by <see cref="WaitType.WaitForCompletion"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
