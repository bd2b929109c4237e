using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.Backoffice.Console.Services;

/// <summary>
/// Keeps what the console reads out of the traces, here and in the service that is asked: several looks a second would
/// bury the orders. What is done by a click has its trace.
/// </summary>
internal sealed class UntracedReads : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Get)
            return await base.SendAsync(request, cancellationToken);

        using var unrecorded = Unrecorded.Begin();
        return await base.SendAsync(request, cancellationToken);
    }
}
