using System.Runtime.ExceptionServices;
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
            var exception = new ChannelClosedException();
            var thrownAgain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var times = 0;
            AppDomain.CurrentDomain.FirstChanceException += Count;
            try
            {
                // As a timer calls it: without the test's context, to which the exception would go otherwise.
                await Task.Run(() => global::RabbitMQ.Client.Framing.Connection.HeartbeatReadTimerCallback(exception));

                // By the method, and once more on the thread pool, where nobody catches it.
                await thrownAgain.Task.WaitAsync(TimeSpan.FromSeconds(30));
            }
            finally
            {
                AppDomain.CurrentDomain.FirstChanceException -= Count;
            }

            void Count(object? sender, FirstChanceExceptionEventArgs thrown)
            {
                if (thrown.Exception == exception && Interlocked.Increment(ref times) == 2)
                    thrownAgain.SetResult();
            }
        }
    }
}

// What throws in RabbitMQ.Client goes by this name.
namespace RabbitMQ.Client.Framing
{
    internal static class Connection
    {
        public static async void HeartbeatReadTimerCallback(ChannelClosedException exception)
        {
            await Task.Yield();
            throw exception;
        }
    }
}
