using System.Globalization;
using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Messages;
using Google.Protobuf;

namespace Aspire.Hosting.Dashboard;

/// <summary>What the dashboard asks about resources, and what is done there.</summary>
internal sealed class ResourceQuestions(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService logs, ResourceCommandService commands)
{
    /// <summary>All resources in one message, then every change.</summary>
    public async IAsyncEnumerable<IMessage> WatchResources([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var initial = new InitialResources();
        foreach (var id in model.Resources.SelectMany(x => x.GetResourceIds()))
        {
            if (notifications.TryGetCurrentState(id, out var state))
                initial.Resources.Add(await ResourceMessages.Of(state, cancellationToken));
        }

        yield return new ResourcesUpdate { Initial = initial };

        // It begins with every state once more; so nothing is missed that changes meanwhile.
        await foreach (var change in notifications.WatchAsync(cancellationToken))
        {
            var upsert = await ResourceMessages.Of(change, cancellationToken);
            yield return new ResourcesUpdate { Changes = new ResourceChanges { Changes = { new ResourceChange { Upsert = upsert } } } };
        }
    }

    /// <summary>The last lines of one replica, then every new one.</summary>
    public async IAsyncEnumerable<IMessage> WatchConsoleLogs(ConsoleLogsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!notifications.TryGetCurrentState(request.ResourceName, out _))
            yield break;
        if (request.SuppressFollow)
        {
            yield return ToMessage(logs.GetAll(request.ResourceName));
            yield break;
        }

        await foreach (var lines in logs.WatchAsync(request.ResourceName).WithCancellation(cancellationToken))
            yield return ToMessage(lines);
    }

    public async Task<IMessage> Execute(CommandRequest request, CancellationToken cancellationToken)
    {
        var result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, cancellationToken);
        var response = new CommandResponse
        {
            Outcome = result.Success ? CommandOutcome.Succeeded : result.Canceled ? CommandOutcome.Cancelled : CommandOutcome.Failed,
        };
        if (result.ErrorMessage is { } error)
            response.ErrorMessage = error;
        return response;
    }

    private static ConsoleLogs ToMessage(IReadOnlyList<LogLine> lines) => new()
    {
        Lines =
        {
            lines.Select(x => new ConsoleLogLine
            {
                Text = string.Create(CultureInfo.InvariantCulture, $"{x.TimeStamp:O} {x.Content}"),
                IsError = x.IsErrorMessage,
                Number = x.LineNumber,
            }),
        },
    };
}
