using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Aspire.Hosting.Dashboard;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Running;

/// <summary>Asks the resource service what Aspire's dashboard asks it, in the same bytes.</summary>
internal sealed class DashboardClient : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    public DashboardClient(DistributedApplication app, bool withKey = true)
    {
        var settings = app.Services.GetRequiredService<DashboardSettings>();
        _http.BaseAddress = new Uri($"http://127.0.0.1:{settings.ResourceServicePort}/aspire.v1.DashboardService/");
        if (withKey)
            _http.DefaultRequestHeaders.Add("x-resource-service-api-key", settings.ResourceServiceKey);
    }

    /// <summary>gRPC's number for how the last call ended.</summary>
    public int? Status { get; private set; }

    public async Task<T> Ask<T>(string method, IMessage request, CancellationToken cancellationToken)
        where T : IMessage<T>, new()
    {
        await foreach (var message in Watch<T>(method, request, cancellationToken))
            return message;
        throw new InvalidOperationException($"{method} ended with status {Status} and no answer.");
    }

    public async IAsyncEnumerable<T> Watch<T>(string method, IMessage request, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : IMessage<T>, new()
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Frame(request)) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        using var response = await _http.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var header = new byte[5];
        while (await body.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken) == header.Length)
        {
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
            await body.ReadExactlyAsync(payload, cancellationToken);
            yield return new MessageParser<T>(() => new T()).ParseFrom(payload);
        }

        Status = int.Parse(response.TrailingHeaders.GetValues("grpc-status").Single(), CultureInfo.InvariantCulture);
    }

    public void Dispose() => _http.Dispose();

    private static byte[] Frame(IMessage message)
    {
        var frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        message.WriteTo(frame.AsSpan(5));
        return frame;
    }
}
