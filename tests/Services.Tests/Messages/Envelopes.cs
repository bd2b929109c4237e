using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.Services.Tests.Messages;

/// <summary>
/// The order service's bus and outbox, without broker and database: what would be stored in the outbox, and so would go to the broker.
/// </summary>
public sealed class Envelopes : IAsyncDisposable
{
    /// <summary>What is another one each time, and says nothing about the message.</summary>
    private static readonly string[] Variable = ["messageId", "conversationId", "sentTime"];

    /// <summary>As MassTransit writes it, so that only what is replaced differs; but on several lines, for a person.</summary>
    private static readonly JsonSerializerOptions AsWritten = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly WebApplication _service;

    /// <summary>Builds the service; nothing of it is started.</summary>
    public Envelopes()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:orders-db"] = "Host=127.0.0.1;Port=1;Timeout=1",
            ["ConnectionStrings:rabbitmq"] = "amqp://orders:secret@localhost",
        });
        builder.AddServiceDefaults();
        builder.AddOrderSaga(builder.AddServiceDatabase<OrderDbContext, PostgresOrderDbContext, SqlServerOrderDbContext>("orders-db"));
        _service = builder.Build();
    }

    /// <summary>The message's outbox row.</summary>
    public async Task<OutboxMessage> RowAsync(object message)
    {
        await using var scope = _service.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(message);
        return scope.ServiceProvider.GetRequiredService<OrderDbContext>().ChangeTracker.Entries<OutboxMessage>().Single().Entity;
    }

    /// <summary>The body of the message's outbox row.</summary>
    public async Task<string> StoredAsync(object message) => (await RowAsync(message)).Body;

    /// <summary>The same with dots for what differs each time.</summary>
    public async Task<string> FixedAsync(object message)
    {
        var envelope = JsonNode.Parse(await StoredAsync(message))!.AsObject();
        foreach (var name in Variable.Where(envelope.ContainsKey))
            envelope[name] = "…";
        return envelope.ToJsonString(AsWritten).ReplaceLineEndings("\n") + "\n";
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _service.DisposeAsync();
}
