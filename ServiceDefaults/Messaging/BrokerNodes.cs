using RabbitMQ.Client;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>
/// The addresses of a cluster's nodes. A node that hangs takes a connection and says nothing: nobody waits for it while another one answers, and for a
/// while it is tried last.
/// </summary>
/// <param name="addresses">Each as <c>host:port</c>, in the sequence in which they are tried.</param>
/// <param name="time">The clock.</param>
internal sealed class BrokerNodes(IReadOnlyList<string> addresses, TimeProvider time)
{
    /// <summary>
    /// A login takes some ten milliseconds. Who is late loses nothing by it: the next address is tried as well, and the first one to answer is taken.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>As long as a node that hangs is likely to hang on; then it costs one more try to see.</summary>
    private static readonly TimeSpan TriedLast = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _silentUntil = [];
    private volatile string? _answeredLast;

    /// <summary>Whether there are several addresses to choose from.</summary>
    public bool Any => addresses.Count > 0;

    /// <summary>The addresses, those first that are likely to answer.</summary>
    public IReadOnlyList<string> InOrder()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            return [.. addresses.OrderBy(address => _silentUntil.TryGetValue(address, out var until) && until > now)];
        }
    }

    /// <summary>Connects to the first node that answers.</summary>
    /// <param name="connect">Connects to one address.</param>
    /// <param name="close">Closes a connection that came too late.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Exception">No node answered; what the first one did about it.</exception>
    public async Task<T> ConnectAsync<T>(Func<string, CancellationToken, Task<T>> connect, Func<T, Task> close, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = new List<Try<T>>();
        var failures = new List<Exception>();
        var addressesToTry = new Queue<string>(InOrder());
        try
        {
            while (addressesToTry.Count + waiting.Count > 0)
            {
                if (addressesToTry.TryDequeue(out var address))
                    waiting.Add(new Try<T>(address, connect(address, giveUp.Token)));
                var first = Task.WhenAny(waiting.Select(x => x.Connecting));
                if (addressesToTry.Count > 0)
                    await Task.WhenAny(first, Task.Delay(Patience, time, cancellationToken));
                else
                    await first.WaitAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();

                if (waiting.Find(x => x.Connecting.IsCompletedSuccessfully) is { } answered)
                {
                    waiting.Remove(answered);
                    Answered(answered.Address, silent: waiting.Where(x => !x.Connecting.IsCompleted).Select(x => x.Address));
                    return await answered.Connecting;
                }

                foreach (var failed in waiting.Where(x => x.Connecting.IsCompleted).ToList())
                {
                    waiting.Remove(failed);
                    failures.Add(failed.Connecting.Exception?.InnerException ?? new OperationCanceledException($"{failed.Address} was given up."));
                }
            }

            throw failures[0];
        }
        finally
        {
            await giveUp.CancelAsync();
            foreach (var late in waiting)
                _ = CloseLate(late.Connecting, close);
        }
    }

    /// <summary>Where the bus's own connections go: first to the node that has just answered.</summary>
    /// <param name="tls">How connections are encrypted.</param>
    public IEndpointResolver ForBus(SslOption tls) => new Resolver(this, tls);

    /// <summary>An address as the client takes it.</summary>
    public static AmqpTcpEndpoint EndpointOf(string address, SslOption tls)
    {
        var endpoint = AmqpTcpEndpoint.Parse(address);
        endpoint.Ssl = tls;
        return endpoint;
    }

    private void Answered(string address, IEnumerable<string> silent)
    {
        lock (_lock)
        {
            _answeredLast = address;
            _silentUntil.Remove(address);
            foreach (var other in silent)
                _silentUntil[other] = time.GetUtcNow() + TriedLast;
        }
    }

    /// <summary>Should a connection come after all that was given up, nobody wants it any more.</summary>
    private static async Task CloseLate<T>(Task<T> connecting, Func<T, Task> close)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully)
            await close(await connecting);
    }

    private sealed record Try<T>(string Address, Task<T> Connecting);

    private sealed class Resolver(BrokerNodes nodes, SslOption tls) : IEndpointResolver
    {
        public IEnumerable<AmqpTcpEndpoint> All()
        {
            var answered = nodes._answeredLast;
            return nodes.InOrder().OrderBy(address => address != answered).Select(address => EndpointOf(address, tls));
        }
    }
}
