using OrderSample.ServiceDefaults.Messaging;
using RabbitMQ.Client;

namespace OrderSample.Backoffice.Messaging;

/// <summary>Opens connections to the broker. One that broke is replaced by whoever uses it, who also knows what was lost with it.</summary>
/// <param name="configuration">The service's.</param>
internal sealed class BrokerConnections(IConfiguration configuration)
{
    private readonly BrokerAddress _broker = new(configuration);

    /// <summary>User and password, as in an address.</summary>
    public string UserInfo => _broker.Uri.UserInfo;

    /// <summary>The virtual host.</summary>
    public string VirtualHost => _broker.VirtualHost;

    /// <param name="purpose">What the broker shows the connection as.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IConnection> OpenAsync(string purpose, CancellationToken cancellationToken) =>
        _broker.ConnectAsync($"backoffice {purpose}", cancellationToken);
}
