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
    private const string Send = " send";
    private const string Process = " process";
    private const string Receive = " receive";

    /// <summary>Names the span of a receipt; only its consumer's pipeline knows what was received.</summary>
    public static void Received(string endpoint, Type message)
    {
        if (Activity.Current is { } span && span.OperationName.EndsWith(Receive, StringComparison.Ordinal))
            span.DisplayName = $"{endpoint} {message.Name}{Receive}";
    }

    public override void OnEnd(Activity data)
    {
        if (data.OperationName.EndsWith(Send, StringComparison.Ordinal) && data.GetTagItem(DiagnosticHeaders.MessageTypes) is string types)
            data.DisplayName = First(types) + (data.OperationName == "outbox send" ? " store" : Send);
        else if (data.OperationName.EndsWith(Process, StringComparison.Ordinal) && data.Parent is { } receipt && receipt.DisplayName.EndsWith(Receive, StringComparison.Ordinal))
            data.DisplayName = receipt.DisplayName[..^Receive.Length] + Process;
    }

    /// <summary>Of <c>urn:message:Namespace:Type,urn:…</c>, the first one's type.</summary>
    private static string First(string types)
    {
        var first = types.Split(',', ';')[0];
        return first[(first.LastIndexOf(':') + 1)..];
    }
}
