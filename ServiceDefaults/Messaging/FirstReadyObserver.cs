using MassTransit;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>
/// Tells a kill switch when its endpoint is ready for the first time, and no more. Since 8.5 MassTransit's takes each time for the end of what it was
/// doing (its pull request 6009). A message that fails before its endpoint is ready again has stopped it once more: the switch would forget that, and
/// never start the endpoint.
/// </summary>
internal sealed class FirstReadyObserver(IReceiveEndpointObserver killSwitch) : IReceiveEndpointObserver
{
    private int _wasReady;

    public Task Ready(ReceiveEndpointReady ready) => Interlocked.Exchange(ref _wasReady, 1) == 0 ? killSwitch.Ready(ready) : Task.CompletedTask;

    public Task Stopping(ReceiveEndpointStopping stopping) => killSwitch.Stopping(stopping);

    public Task Completed(ReceiveEndpointCompleted completed) => killSwitch.Completed(completed);

    public Task Faulted(ReceiveEndpointFaulted faulted) => killSwitch.Faulted(faulted);
}
