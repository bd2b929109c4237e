using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Messages;

namespace Aspire.Hosting.Dashboard;

/// <summary>The commands of a process, each offered when it can be given.</summary>
internal static class ResourceCommandMessages
{
    public static IEnumerable<Command> Of(IResource resource, string? state)
    {
        // A dashboard that has been stopped could not start itself again.
        if (resource is DashboardResource || !resource.HasAnnotationOfType<DcpInstancesAnnotation>())
            yield break;

        var runs = state == KnownResourceStates.Running;
        var hasEnded = state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state);
        yield return new Command
        {
            Name = KnownResourceCommands.StartCommand,
            DisplayName = "Start",
            DisplayDescription = "Start the process again",
            IconName = "Play",
            IconVariant = IconVariant.Filled,
            IsHighlighted = true,
            State = hasEnded ? CommandState.Enabled : runs || state == KnownResourceStates.Stopping ? CommandState.Hidden : CommandState.Disabled,
        };
        yield return new Command
        {
            Name = KnownResourceCommands.StopCommand,
            DisplayName = "Stop",
            DisplayDescription = "Stop the process",
            IconName = "Stop",
            IconVariant = IconVariant.Filled,
            IsHighlighted = true,
            State = runs ? CommandState.Enabled : state == KnownResourceStates.Stopping ? CommandState.Disabled : CommandState.Hidden,
        };
        yield return new Command
        {
            Name = KnownResourceCommands.RestartCommand,
            DisplayName = "Restart",
            DisplayDescription = "Stop the process and start it again",
            IconName = "ArrowCounterclockwise",
            IconVariant = IconVariant.Regular,
            State = runs ? CommandState.Enabled : CommandState.Disabled,
        };
    }
}
