using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrderSample.Messaging.Tests.Running;

/// <summary>
/// One more address of the broker, at which MassTransit's logins are refused for a while and no other ones: their password is changed on its way. So it
/// is when a password is changed between two logins, and at a node of a cluster that knows another password than the others.
/// </summary>
internal sealed class RefusedLogins : IAsyncDisposable
{
    private const int BufferSize = 16 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _broker;
    private readonly byte[] _password;
    private readonly Task _accepting;
    private volatile int _refused;

    /// <param name="broker">The broker, with user and password.</param>
    public RefusedLogins(Uri broker)
    {
        _broker = broker;
        _password = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(broker.UserInfo.Split(':')[1]));
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>The broker, by this address.</summary>
    public Uri Broker => new UriBuilder(_broker) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;

    /// <summary>Whether logins are refused.</summary>
    public bool Refuses { get; set; } = true;

    /// <summary>How many were.</summary>
    public int Refused => _refused;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task Accept()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(Serve(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }

        await Task.WhenAll(serving);
    }

    private async Task Serve(TcpClient client)
    {
        using var broker = new TcpClient();
        using (client)
        {
            try
            {
                await broker.ConnectAsync(_broker.Host, _broker.Port, _stop.Token);
                await Task.WhenAny(Pump(client.GetStream(), broker.GetStream(), Spoil), Pump(broker.GetStream(), client.GetStream(), _ => { })).Unwrap();
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // One of them has closed it, or the test is over.
            }
        }
    }

    private async Task Pump(NetworkStream from, NetworkStream to, Action<Memory<byte>> change)
    {
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await from.ReadAsync(buffer, _stop.Token)) > 0)
        {
            change(buffer.AsMemory(0, read));
            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }

    /// <summary>The frame with the password has the client's properties, too, by which MassTransit is known.</summary>
    private void Spoil(Memory<byte> sent)
    {
        if (!Refuses || sent.Span.IndexOf(_password) is not (>= 0 and var at) || sent.Span.IndexOf("MassTransit"u8) < 0)
            return;
        sent.Span.Slice(at, _password.Length).Fill((byte)'x');
        Interlocked.Increment(ref _refused);
    }
}
