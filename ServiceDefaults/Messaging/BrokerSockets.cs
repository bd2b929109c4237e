using System.Net;
using System.Net.Sockets;
using RabbitMQ.Client;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>The sockets of this process's connections to the broker, so that those to a node that hangs can be ended: whoever has such a connection learns it by heartbeats only.</summary>
internal sealed class BrokerSockets
{
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];

    /// <summary>Makes one, as the client does.</summary>
    public ITcpClient New(AddressFamily family)
    {
        var client = ConnectionFactoryBase.DefaultSocketFactory(family);
        lock (_lock)
        {
            _sockets.RemoveAll(socket => socket.SafeHandle.IsClosed);
            _sockets.Add(client.Client);
        }

        return client;
    }

    /// <summary>Where they lead to.</summary>
    public IReadOnlyList<IPEndPoint> Peers()
    {
        lock (_lock)
            return [.. _sockets.Select(PeerOf).OfType<IPEndPoint>().Distinct()];
    }

    /// <summary>Ends those that lead to a node. Their users see the end of the connection, as if the node had closed it.</summary>
    /// <returns>How many.</returns>
    public int Cut(IPEndPoint peer)
    {
        List<Socket> open;
        lock (_lock)
            open = [.. _sockets.Where(socket => peer.Equals(PeerOf(socket)))];
        foreach (var socket in open)
        {
            try
            {
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It has just ended.
            }
        }

        return open.Count;
    }

    private static IPEndPoint? PeerOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint as IPEndPoint;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }
}
