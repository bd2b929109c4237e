using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>
/// Asks the nodes that this process is connected to for a greeting, as a load balancer does, and ends the connections to one that has given none twice while
/// another one does: consumers are on another node then long before they would miss heartbeats.
/// </summary>
/// <param name="addresses">All nodes, each as <c>host:port</c>.</param>
/// <param name="sockets">This process's connections.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of each connection that is given up.</param>
internal sealed class NodeWatch(IReadOnlyList<string> addresses, BrokerSockets sockets, TimeProvider time, ILogger<NodeWatch> logger) : BackgroundService
{
    /// <summary>A greeting takes a millisecond. Two that do not come are no hiccup, and no busy machine either, where another node's do come.</summary>
    private const int Misses = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1.5);

    private readonly Dictionary<IPEndPoint, int> _missed = [];

    private enum Answer
    {
        None,
        Refused,
        Greeted,
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await Look(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task Look(CancellationToken cancellationToken)
    {
        var peers = sockets.Peers();
        foreach (var gone in _missed.Keys.Except(peers).ToList())
            _missed.Remove(gone);
        var answers = await Task.WhenAll(peers.Select(peer => Ask((client, token) => client.ConnectAsync(peer, token), cancellationToken)));
        foreach (var (peer, answer) in peers.Zip(answers))
        {
            if (answer != Answer.None)
            {
                _missed.Remove(peer);
                continue;
            }

            _missed[peer] = _missed.GetValueOrDefault(peer) + 1;
            if (_missed[peer] < Misses || !await AnyGreets(cancellationToken))
                continue;
            _missed.Remove(peer);
            var cut = sockets.Cut(peer);
            logger.LogWarning("The node at {Node} does not answer, and another one does: {Count} connections to it are given up", peer, cut);
        }
    }

    private async Task<bool> AnyGreets(CancellationToken cancellationToken)
    {
        // Not waiting for all: one of them is the one that hangs.
        await foreach (var asked in Task.WhenEach(addresses.Select(address => AskNode(address, cancellationToken))))
        {
            if (await asked == Answer.Greeted)
                return true;
        }

        return false;
    }

    private Task<Answer> AskNode(string address, CancellationToken cancellationToken)
    {
        var node = BrokerNodes.EndpointOf(address, new());
        return Ask((client, token) => client.ConnectAsync(node.HostName, node.Port, token), cancellationToken);
    }

    /// <remarks>A refusal is an answer: connections to such a node break by themselves. So is the one of a node that wants TLS, whatever it says.</remarks>
    private async Task<Answer> Ask(Func<TcpClient, CancellationToken, ValueTask> connect, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var client = new TcpClient();
        try
        {
            await connect(client, either.Token);
            await using var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\x9\x1"u8.ToArray(), either.Token);
            return await stream.ReadAsync(new byte[1], either.Token) > 0 ? Answer.Greeted : Answer.Refused;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Answer.None;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return Answer.Refused;
        }
    }
}
