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
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name != DiagnosticHeaders.DefaultListenerName || Message(data) is not { } message)
            return;
        var name = data.OperationName;
        var space = name.LastIndexOf(' ');
        if (space < 0)
            return;
        data.DisplayName = name[(space + 1)..] switch
        {
            "send" => name == "outbox send" ? $"{message} store" : $"{message} send",
            var operation => $"{name[..space]} {message} {operation}",
        };
    }

    /// <summary>Its type, which a receipt's span knows for those of its consumers.</summary>
    private static string? Message(Activity? span)
    {
        for (; span is not null; span = span.Parent)
        {
            // urn:message:Namespace:Type, and more of them where it has base types.
            if (span.GetTagItem(DiagnosticHeaders.MessageTypes) is string types)
                return types.Split(',')[0].Split(':')[^1];
        }

        return null;
    }
}
