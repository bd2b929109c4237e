using OrderSample.ServiceDefaults.Messaging;
using RabbitMQ.Client;

namespace OrderSample.Backoffice.Messaging;

/// <summary>Opens connections to the broker. One that broke is replaced by whoever uses it, who also knows what was lost with it.</summary>
/// <param name="configuration">The service's.</param>
internal sealed class BrokerConnections(IConfiguration configuration)
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    private readonly BrokerAddress _broker = new(configuration);

    /// <summary>User and password, as in an address.</summary>
    public string UserInfo => _broker.Uri.UserInfo;

    /// <summary>The virtual host.</summary>
    public string VirtualHost => _broker.VirtualHost;

    /// <param name="purpose">What the broker shows the connection as.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IConnection> OpenAsync(string purpose, CancellationToken cancellationToken) =>
        _broker.ConnectAsync($"backoffice {purpose}", cancellationToken);

    /// <summary>Closes a connection, without ever waiting long for a broker that is not there.</summary>
    public static async Task CloseAsync(IConnection connection)
    {
        try
        {
            await connection.AbortAsync(200, "Closed", CloseTimeout).WaitAsync(CloseTimeout);
            await connection.DisposeAsync().AsTask().WaitAsync(CloseTimeout);
        }
        catch (Exception exception) when (exception is TimeoutException or ObjectDisposedException or IOException or RabbitMQ.Client.Exceptions.AlreadyClosedException)
        {
            // It is gone one way or the other, and nobody has it any more.
        }
    }
}
