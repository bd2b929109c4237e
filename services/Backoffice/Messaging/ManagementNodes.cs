using Microsoft.Extensions.Options;
using OrderSample.Backoffice.CollectingDeadLetters;

namespace OrderSample.Backoffice.Messaging;

/// <summary>The management interfaces of a broker's nodes, and which of them answered last.</summary>
internal sealed class ManagementNodes(IOptions<DeadLetterOptions> options)
{
    private readonly Uri[] _nodes = [options.Value.ManagementUrl!, .. options.Value.OtherManagementUrls];
    private volatile int _current;

    public int Count => _nodes.Length;

    /// <summary>The node to ask.</summary>
    /// <param name="attempt">0 for the one that answered last; others follow it.</param>
    public Uri this[int attempt] => _nodes[(_current + attempt) % _nodes.Length];

    /// <summary>From now on another node is asked first.</summary>
    /// <param name="node">The one that did not answer.</param>
    public void Skip(Uri node)
    {
        var current = _current;
        if (_nodes[current] == node)
            Interlocked.CompareExchange(ref _current, (current + 1) % _nodes.Length, current);
    }
}

/// <summary>Asks another node when one does not answer: each of them knows the whole cluster. Only for requests that read.</summary>
internal sealed class AnyNodeHandler(ManagementNodes nodes) : DelegatingHandler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        for (var attempt = 1; attempt < nodes.Count; attempt++)
        {
            var node = nodes[0];
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                request.RequestUri = new Uri(node, path);
                var response = await base.SendAsync(request, patience.Token);
                if ((int)response.StatusCode < StatusCodes.Status500InternalServerError)
                    return response;
                response.Dispose();
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // It is down, or hangs; the next one may not.
            }

            nodes.Skip(node);
        }

        request.RequestUri = new Uri(nodes[0], path);
        return await base.SendAsync(request, cancellationToken);
    }
}
