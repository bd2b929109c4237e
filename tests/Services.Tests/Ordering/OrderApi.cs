using System.Net.Http.Headers;
using System.Text;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSample.OrderService.AttendingOrder;
using OrderSample.OrderService.CancellingOrder;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.PayingOrder;
using OrderSample.OrderService.ReadingOrders;
using OrderSample.OrderService.SubmittingOrder;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.Services.Tests.Ordering;

/// <summary>
/// The order service's HTTP side on a real web server, but without database and broker: a request that should have been
/// refused, and is not, fails.
/// </summary>
public sealed class OrderApi : IAsyncLifetime
{
    private WebApplication _app = null!;

    /// <summary>Configuration beyond what the service needs to start.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:orders-db"] = "Host=127.0.0.1;Port=1;Timeout=1";
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.AddServiceDatabase<OrderDbContext, PostgresOrderDbContext, SqlServerOrderDbContext>("orders-db");
        builder.AddAdmission();
        builder.Services.AddSingleton<IOutboxMonitor, EmptyOutbox>();
        builder.Services.AddScoped<OrderSubmission>();
        builder.Services.AddSingleton<BatchSubmission>();
        builder.Services.AddMassTransit(bus => bus.UsingInMemory());
        foreach (var started in builder.Services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Namespace?.StartsWith("OrderSample", StringComparison.Ordinal) == true).ToList())
            builder.Services.Remove(started);

        _app = builder.Build();
        _app.MapServiceDefaults();
        _app.MapSubmittingOrder();
        _app.MapSubmittingBatch();
        _app.MapPayingOrder();
        _app.MapCancellingOrder();
        _app.MapAttendingOrder();
        _app.MapReadingOrder();
        _app.MapListingOrders();
        await _app.StartAsync();
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Client.BaseAddress = new Uri(address);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body, string mediaType = "application/json") =>
        Client.PostAsync(path, new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(mediaType)));

    /// <summary>The same with a content type that the client would not write.</summary>
    public Task<HttpResponseMessage> PostBytesAsync(string path, byte[] body, string contentType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return Client.PostAsync(path, content);
    }

    private sealed class EmptyOutbox : IOutboxMonitor
    {
        public OutboxBacklog Current { get; } = new(0, TimeSpan.Zero, 0);
    }
}
