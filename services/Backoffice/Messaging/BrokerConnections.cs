using RabbitMQ.Client;

namespace OrderSample.Backoffice.Messaging;

/// <summary>Opens connections to <c>ConnectionStrings:rabbitmq</c>.</summary>
internal sealed class BrokerConnections
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    private readonly ConnectionFactory _factory;

    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public BrokerConnections(IConfiguration configuration)
    {
        Address = new Uri(configuration.GetConnectionString("rabbitmq")
            ?? throw new InvalidOperationException("ConnectionStrings:rabbitmq is not configured."));
        // A connection that broke is replaced by whoever uses it, who also knows what was lost with it.
        _factory = new ConnectionFactory { Uri = Address, AutomaticRecoveryEnabled = false, RequestedHeartbeat = Heartbeat };
    }

    /// <summary>The broker, with user and password.</summary>
    public Uri Address { get; }

    /// <summary>The virtual host.</summary>
    public string VirtualHost => _factory.VirtualHost;

    /// <param name="purpose">What the broker shows the connection as.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IConnection> OpenAsync(string purpose, CancellationToken cancellationToken) =>
        _factory.CreateConnectionAsync($"backoffice {purpose}", cancellationToken);

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
