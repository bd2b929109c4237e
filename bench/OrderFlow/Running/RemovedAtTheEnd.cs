using Microsoft.Extensions.Hosting;

namespace OrderSample.Bench.Running;

/// <summary>Removes a folder when the application that wrote into it has been stopped.</summary>
internal sealed class RemovedAtTheEnd(string folder) : IHostedService, IDisposable
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
