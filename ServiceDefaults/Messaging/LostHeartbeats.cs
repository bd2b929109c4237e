using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>
/// Keeps a broker that no longer answers from ending the process. RabbitMQ.Client 7.1 and 7.2.0 may close a connection that
/// misses heartbeats twice at the same moment (rabbitmq-dotnet-client's issue 1884); the second time throws where nobody can
/// catch it. By then all is closed, everybody was told, and a new connection is on its way.
/// </summary>
internal static class LostHeartbeats
{
    private const string Closer = "RabbitMQ.Client.Framing.Connection.HeartbeatReadTimerCallback";

    private static int _known;

    /// <summary>Call it at start, as often as you like.</summary>
    public static void EndNoProcess()
    {
        // The runtime takes one handler.
        if (Interlocked.Exchange(ref _known, 1) == 0)
            ExceptionHandling.SetUnhandledExceptionHandler(IsOfSecondClose);
    }

    private static bool IsOfSecondClose(Exception exception) =>
        exception is ChannelClosedException && exception.StackTrace?.Contains(Closer, StringComparison.Ordinal) == true;
}
