using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace OrderSample.Messaging.Tests.Running;

/// <summary>One more address of the broker, as that of a node that hangs, or whose disk is slow.</summary>
internal sealed class BrokerProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _broker;
    private readonly Task _accepting;
    private readonly List<Task> _serving = [];
    private volatile TaskCompletionSource _thawed = new();
    private readonly ConcurrentBag<TcpClient> _onwards = [];
    private int _open;
    private int _accepted;

    /// <param name="broker">The broker, with user and password.</param>
    public BrokerProxy(Uri broker)
    {
        _broker = broker;
        _thawed.SetResult();
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>As a node's address is configured.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The broker, by this address.</summary>
    public Uri Broker => new UriBuilder(_broker) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;

    /// <summary>Connections that lead through here now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Connections that led through here so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How long the broker's confirms are on their way: as long as they take where a disk is slow.</summary>
    public TimeSpan ConfirmDelay { get; set; }

    /// <summary>From now on connections are taken, and nothing goes either way; those that are there stay open.</summary>
    public void Hang() => _thawed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The same, and the broker has lost the connections: so it is for the other nodes when they give up one that hangs.</summary>
    public void HangAsNode()
    {
        Hang();
        foreach (var connection in _onwards)
            connection.Close();
    }

    /// <summary>What was on its way goes on, to those who are still there.</summary>
    public void GoOn() => _thawed.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _serving.Add(Serve(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task Serve(TcpClient client)
    {
        Interlocked.Increment(ref _accepted);
        Interlocked.Increment(ref _open);
        using var broker = new TcpClient();
        // Each frame is passed on by itself, and none is to wait for the next one.
        (client.NoDelay, broker.NoDelay) = (true, true);
        _onwards.Add(broker);
        using (client)
        {
            var (toBroker, toClient) = (Task.CompletedTask, Task.CompletedTask);
            try
            {
                await broker.ConnectAsync(_broker.Host, _broker.Port, _stop.Token);
                (toBroker, toClient) = (Pump(client.GetStream(), broker.GetStream()), PumpFrames(broker.GetStream(), client.GetStream()));
                await Task.WhenAny(toBroker, toClient);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
            {
                // The broker is not there, or the test is over.
            }

            Interlocked.Decrement(ref _open);
            // What hangs closes nothing.
            await ((Task)_thawed.Task.WaitAsync(_stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            client.Close();
            // What a client has sent before it went arrives.
            await toBroker.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            broker.Close();
            await toClient.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What the client sends. It is taken also while nothing goes on: a client that gives up and closes would take along what nobody has read.</summary>
    /// <remarks>
    /// A connection.close that comes while nothing goes on is never passed on, and the broker keeps that connection until the proxy is disposed: RabbitMQ 3.10 may lose
    /// what a connection has published to a quorum queue right before its end (in 8 of 952 tries), and what goes on late is to arrive.
    /// </remarks>
    private async Task Pump(NetworkStream from, NetworkStream to)
    {
        var taken = Channel.CreateUnbounded<(byte[] Bytes, bool IsLateGoodbye)>();
        await Task.WhenAll(Read(), Write());

        async Task Read()
        {
            try
            {
                var protocol = new byte[8];
                await from.ReadExactlyAsync(protocol, _stop.Token);
                taken.Writer.TryWrite((protocol, IsLateGoodbye: false));
                while (await ReadFrame(from) is { } frame)
                    taken.Writer.TryWrite((frame, IsGoodbye(frame) && !_thawed.Task.IsCompleted));
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The client has gone.
            }
            finally
            {
                taken.Writer.TryComplete();
            }
        }

        async Task Write()
        {
            await foreach (var (bytes, isLateGoodbye) in taken.Reader.ReadAllAsync(_stop.Token))
            {
                await _thawed.Task.WaitAsync(_stop.Token);
                if (isLateGoodbye)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                await to.WriteAsync(bytes, _stop.Token);
            }
        }
    }

    /// <summary>What the broker sends, frame by frame. A delayed one does not hold up the reading of others, so that any number of them are on their way.</summary>
    private async Task PumpFrames(NetworkStream from, NetworkStream to)
    {
        var onTheirWay = Channel.CreateUnbounded<(byte[] Frame, DateTime Due)>();
        await Task.WhenAny(Read(), Write()).Unwrap();

        async Task Read()
        {
            while (await ReadFrame(from) is { } frame)
                onTheirWay.Writer.TryWrite((frame, DateTime.UtcNow + (IsConfirm(frame) ? ConfirmDelay : TimeSpan.Zero)));
        }

        async Task Write()
        {
            await foreach (var (frame, due) in onTheirWay.Reader.ReadAllAsync(_stop.Token))
            {
                if (due - DateTime.UtcNow is { Ticks: > 0 } early)
                    await Task.Delay(early, _stop.Token);
                await _thawed.Task.WaitAsync(_stop.Token);
                await to.WriteAsync(frame, _stop.Token);
            }
        }
    }

    /// <returns>The next frame; null at the end.</returns>
    private async Task<byte[]?> ReadFrame(NetworkStream from)
    {
        var header = new byte[7];
        if (await from.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, _stop.Token) < header.Length)
            return null;
        // Type, channel and size; after the content there is one more byte.
        var frame = new byte[header.Length + BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(3)) + 1];
        header.CopyTo(frame, 0);
        await from.ReadExactlyAsync(frame.AsMemory(header.Length), _stop.Token);
        return frame;
    }

    /// <summary>The method basic.ack, which the broker sends to publishers only.</summary>
    private static bool IsConfirm(byte[] frame) => IsMethod(frame, "\0\x3c\0\x50"u8);

    /// <summary>The method connection.close.</summary>
    private static bool IsGoodbye(byte[] frame) => IsMethod(frame, "\0\x0a\0\x32"u8);

    /// <param name="frame">Any frame.</param>
    /// <param name="method">Its class and its number, two bytes each.</param>
    private static bool IsMethod(byte[] frame, ReadOnlySpan<byte> method) => frame[0] == 1 && frame.AsSpan(7).StartsWith(method);
}
