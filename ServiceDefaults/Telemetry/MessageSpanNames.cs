using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit.Logging;
using OpenTelemetry;

namespace OrderSample.ServiceDefaults.Telemetry;

/// <summary>
/// Names spans after the message: <c>ReserveStock store</c>, <c>ReserveStock send</c>, <c>inventory-reservations ReserveStock receive</c>.
/// MassTransit names them after the queue or exchange alone, and what goes into an outbox <c>outbox send</c>.
/// </summary>
internal sealed class MessageSpanNames : BaseProcessor<Activity>
{
    /// <summary>Endpoints have far fewer kinds of messages; but anybody may send one of another kind, again and again, and as long as he likes.</summary>
    internal const int MostNames = 1_000;
    private const int LongestTypes = 500;

    private static readonly ConcurrentDictionary<(string Operation, string Types), string> Known = new();

    /// <summary>How many names are kept.</summary>
    internal static int Kept => Known.Count;

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name != DiagnosticHeaders.DefaultListenerName || Types(data) is not { } types)
            return;
        var key = (data.OperationName, types);
        if (!Known.TryGetValue(key, out var name))
        {
            name = Name(data.OperationName, types);
            if (types.Length <= LongestTypes && Known.Count < MostNames)
                Known[key] = name;
        }

        data.DisplayName = name;
    }

    private static string Name(string operation, string types)
    {
        // urn:message:Namespace:Type, and more of them where it has base types.
        var message = types.Split(',')[0].Split(':')[^1];
        return operation.LastIndexOf(' ') is var space and >= 0
            ? operation[(space + 1)..] switch
            {
                "send" => operation == "outbox send" ? $"{message} store" : $"{message} send",
                var what => $"{operation[..space]} {message} {what}",
            }
            : operation;
    }

    /// <summary>Of the message, which a receipt's span knows for those of its consumers.</summary>
    private static string? Types(Activity? span)
    {
        for (; span is not null; span = span.Parent)
        {
            if (span.GetTagItem(DiagnosticHeaders.MessageTypes) is string types)
                return types;
        }

        return null;
    }
}
