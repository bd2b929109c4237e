using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrderSample.Bench.Choosing;

/// <summary>Takes whatever is sent over OTLP and forgets it. A real collector is on another machine.</summary>
internal sealed class TelemetrySink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _received;

    private TelemetrySink(WebApplication app) => _app = app;

    /// <summary>Where to send it.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>How many exports arrived.</summary>
    public int Received => _received;

    public static async Task<TelemetrySink> Start(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new TelemetrySink(builder.Build());
        sink._app.Run(sink.Take);
        await sink._app.StartAsync(cancellationToken);
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        Interlocked.Increment(ref _received);
        context.Response.ContentType = "application/x-protobuf";
    }
}
