using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>
/// Where the broker is and how to connect to it: <c>ConnectionStrings:rabbitmq</c>, and <c>Messaging:Nodes</c> when it is a cluster.
/// </summary>
public sealed class BrokerAddress
{
    /// <summary>
    /// The longest that anything waits for an answer of the broker. The client may lose one when a connection breaks (rabbitmq-dotnet-client's
    /// issue 1930), and its user would wait for ever.
    /// </summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    private readonly MessagingOptions _options;
    private readonly BrokerNodes _nodes;
    private readonly BrokerSockets _sockets = new();

    /// <summary>Reads the configuration.</summary>
    /// <param name="configuration">The service's.</param>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public BrokerAddress(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Uri = new Uri(configuration.GetConnectionString("rabbitmq")
            ?? throw new InvalidOperationException("ConnectionStrings:rabbitmq is not configured."));
        _options = configuration.GetSection(MessagingOptions.Section).Get<MessagingOptions>() ?? new MessagingOptions();
        // Each process in an order of its own: the first one gets all connections of a process that is just starting.
        string[] nodes = [.. _options.Nodes];
        Random.Shared.Shuffle(nodes);
        _nodes = new BrokerNodes(nodes, TimeProvider.System);
    }

    /// <summary>The broker with user, password and virtual host; of a cluster, one of its nodes.</summary>
    public Uri Uri { get; }

    /// <summary>The virtual host.</summary>
    public string VirtualHost => NewFactory().VirtualHost;

    /// <summary>Connects, to the first node that answers.</summary>
    /// <param name="name">What the broker shows the connection as.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A connection that is not replaced when it breaks: its user knows what was lost with it.</returns>
    /// <exception cref="BrokerUnreachableException">Nobody listens there, or the broker refuses the user.</exception>
    /// <exception cref="TimeoutException">The broker did not answer within <see cref="AnswerTimeout"/>.</exception>
    public Task<IConnection> ConnectAsync(string name, CancellationToken cancellationToken)
    {
        var factory = NewFactory();
        return _nodes.Any
            ? _nodes.ConnectAsync((node, token) => InTime(giveUp => factory.CreateConnectionAsync([BrokerNodes.EndpointOf(node, factory.Ssl)], name, giveUp), token), CloseAsync, cancellationToken)
            : InTime(giveUp => factory.CreateConnectionAsync(name, giveUp), cancellationToken);
    }

    /// <summary>Closes a connection, without ever waiting long for a broker that is not there.</summary>
    public static async Task CloseAsync(IConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        try
        {
            await End().WaitAsync(CloseTimeout);
        }
        catch (Exception exception) when (exception is TimeoutException or ObjectDisposedException or IOException or AlreadyClosedException)
        {
            // It is gone one way or the other, and nobody has it any more.
        }

        // Goes on when nobody waits any more: the client takes five seconds and more for a broker that does not answer.
        async Task End()
        {
            await connection.AbortAsync(200, "Closed", CloseTimeout);
            await connection.DisposeAsync();
        }
    }

    private static async Task<IConnection> InTime(Func<CancellationToken, Task<IConnection>> connect, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var connecting = connect(giveUp.Token);
        try
        {
            return await connecting.WaitAsync(AnswerTimeout, cancellationToken);
        }
        catch
        {
            await giveUp.CancelAsync();
            _ = CloseLate(connecting);
            throw;
        }
    }

    /// <summary>Should a connection come after all that was given up, nobody wants it any more.</summary>
    private static async Task CloseLate(Task<IConnection> connecting)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully)
            await CloseAsync(await connecting);
    }

    /// <summary>Has the bus connect likewise.</summary>
    internal void Configure(IRabbitMqHostConfigurator host)
    {
        host.PublisherConfirmation = true;
        host.Heartbeat(_options.Heartbeat);
        host.RequestedConnectionTimeout(_options.ConnectTimeout);
        host.OnRefreshConnectionFactory = async factory =>
        {
            factory.HandshakeContinuationTimeout = _options.ConnectTimeout;
            if (_nodes.Any)
            {
                factory.EndpointResolverFactory = _ => _nodes.ForBus(factory.Ssl);
                factory.SocketFactory = _sockets.New;
            }

            await EnsureLoginAsync();
        };
    }

    /// <summary>Has a service leave a node that hangs, where there are others.</summary>
    internal void AddNodeWatch(IServiceCollection services)
    {
        if (_nodes.Any)
            services.AddHostedService(provider => new NodeWatch(_options.Nodes, _sockets, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<NodeWatch>>()));
    }

    /// <summary>Called by the bus before it connects.</summary>
    /// <remarks>
    /// What is wrong is told as a cancellation, because that is what MassTransit tries again after a second, and for ever. After anything else it pauses, for longer
    /// each time, up to half a minute, in which a broker that is back waits for its consumers. And an endpoint whose login is refused it gives up for
    /// good, though that may be over in a minute: while a password is changed, or the broker's users are restored.
    /// </remarks>
    /// <exception cref="OperationCanceledException">There is no connection to be had.</exception>
    private async Task EnsureLoginAsync()
    {
        try
        {
            await CloseAsync(await ConnectAsync($"{AppDomain.CurrentDomain.FriendlyName} login", CancellationToken.None));
        }
        catch (Exception exception)
        {
            var problem = exception.GetBaseException().Message;
            throw new OperationCanceledException($"No connection to the broker: {problem}", new IOException(problem));
        }
    }

    private ConnectionFactory NewFactory() => new()
    {
        Uri = Uri,
        AutomaticRecoveryEnabled = false,
        RequestedHeartbeat = _options.Heartbeat,
        RequestedConnectionTimeout = _options.ConnectTimeout,
        HandshakeContinuationTimeout = _options.ConnectTimeout,
    };
}
