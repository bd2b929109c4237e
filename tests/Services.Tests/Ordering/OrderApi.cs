using System.Net.Http.Headers;
using System.Text;
using OrderSample.OrderService.Data;
using OrderSample.Services.Tests.Running;

namespace OrderSample.Services.Tests.Ordering;

/// <summary>The order service.</summary>
public sealed class OrderApi : ServiceWithoutServers<OrderDbContext>
{
    public Task<HttpResponseMessage> PostAsync(string path, string body, string mediaType = "application/json") =>
        Client.PostAsync(path, new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(mediaType)));

    /// <summary>The same with a content type that the client would not write.</summary>
    public Task<HttpResponseMessage> PostBytesAsync(string path, byte[] body, string contentType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return Client.PostAsync(path, content);
    }
}
