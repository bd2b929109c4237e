using System.Threading.Channels;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.Services.Tests.Messaging
{
    public sealed class A_broker_that_no_longer_answers
    {
        /// <summary>Unhandled, the exception would end the process that runs the tests.</summary>
        [Fact]
        public async Task Ends_no_process_when_its_connection_is_closed_twice()
        {
            LostHeartbeats.EndNoProcess();
            LostHeartbeats.EndNoProcess();
            var closed = new TaskCompletionSource();

            // As a timer calls it: without the test's context, to which the exception would go otherwise.
            await Task.Run(() => global::RabbitMQ.Client.Framing.Connection.HeartbeatReadTimerCallback(closed));

            await closed.Task;
            // The exception is thrown once more on the thread pool, after the method has ended.
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
    }
}

// What throws in RabbitMQ.Client goes by this name.
namespace RabbitMQ.Client.Framing
{
    internal static class Connection
    {
        public static async void HeartbeatReadTimerCallback(TaskCompletionSource closed)
        {
            await Task.Yield();
            closed.SetResult();
            throw new ChannelClosedException();
        }
    }
}
